package paper_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongkai/services/chassis/paper"
)

// An office program opens the .docx and lays it out: on two pages, with every text. The pages stay in a folder that
// GONGKAI_RENDER names, for whoever wants to look at them.
func TestRender(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("NOT RENDERED: soffice is not installed (Debian: libreoffice-writer)")
	}
	pdftotext, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("NOT RENDERED: pdftotext is not installed (Debian: poppler-utils)")
	}
	folder := t.TempDir()
	if kept := os.Getenv("GONGKAI_RENDER"); kept != "" {
		folder = kept
	}
	for name, w := range map[string]writer{"letter.docx": paper.Docx, "letter.html": paper.HTML} {
		if err := os.WriteFile(filepath.Join(folder, name), write(t, w, letter()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	convert := exec.CommandContext(ctx, soffice, "-env:UserInstallation=file://"+t.TempDir(), "--headless", "--convert-to", "pdf", "--outdir", folder, filepath.Join(folder, "letter.docx"))
	if out, err := convert.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	text, err := exec.CommandContext(ctx, pdftotext, "-raw", filepath.Join(folder, "letter.pdf"), "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	flat := strings.Join(strings.Fields(string(text)), "")
	for _, want := range []string{"政府信息公开申请答复书", "临政办公开答〔2024〕7号", "王某某：", "<b>3</b>", "2024年1月20日", "—1—"} {
		if !strings.Contains(flat, want) {
			t.Errorf("%q is not on the page:\n%s", want, text)
		}
	}
	if pages := strings.Count(string(text), "\f"); pages != 2 {
		t.Errorf("%d pages", pages)
	}
}
