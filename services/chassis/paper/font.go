package paper

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ErrFont is returned for a font that cannot be embedded: none, or one without TrueType outlines.
var ErrFont = errors.New("the font cannot be embedded: it has to be a TrueType font, .ttf or .ttc (字体无法嵌入，须为 TrueType 字体)")

// ErrNoFont is returned where a machine has no Chinese font that is known.
var ErrNoFont = errors.New("no Chinese TrueType font was found; install one, as the package fonts-arphic-gbsn00lp or fonts-wqy-microhei of Debian, or give a file (没有找到中文 TrueType 字体，请安装一种，如 Debian 的 fonts-arphic-gbsn00lp、fonts-wqy-microhei，或指定字体文件)")

// Font is a font that a PDF embeds.
type Font struct{ data []byte }

const maxFont = 64 << 20 // bytes

// ReadFont reads a TrueType font, or the first one of a collection. It errs with [ErrFont].
func ReadFont(in io.Reader) (Font, error) {
	data, err := io.ReadAll(io.LimitReader(in, maxFont+1))
	if err != nil {
		return Font{}, fmt.Errorf("read the font: %w", err)
	}
	if len(data) > maxFont {
		return Font{}, ErrFont
	}
	start := uint32(0)
	if bytes.HasPrefix(data, []byte("ttcf")) {
		if len(data) < 16 {
			return Font{}, ErrFont
		}
		start = binary.BigEndian.Uint32(data[12:])
	}
	return fontAt(data, start)
}

// fontAt takes one font out of a file: its table of tables, and what that names.
func fontAt(data []byte, start uint32) (Font, error) {
	if uint64(start)+12 > uint64(len(data)) {
		return Font{}, ErrFont
	}
	head := data[start:]
	n := int(binary.BigEndian.Uint16(head[4:]))
	if len(head) < 12+16*n || n > 200 {
		return Font{}, ErrFont
	}
	out := slices.Clone(head[:12+16*n])
	outlines := false
	for i := range n {
		entry := out[12+16*i : 28+16*i]
		from, size := uint64(binary.BigEndian.Uint32(entry[8:])), uint64(binary.BigEndian.Uint32(entry[12:]))
		if from+size > uint64(len(data)) || len(out) > maxFont {
			return Font{}, ErrFont
		}
		outlines = outlines || string(entry[:4]) == "glyf"
		at := len(out)
		out = append(out, data[from:from+size]...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
		binary.BigEndian.PutUint32(out[12+16*i+8:], uint32(at))
	}
	if !outlines {
		return Font{}, ErrFont
	}
	return Font{data: out}, nil
}

// chineseFonts are files of fonts with Chinese characters, Latin letters and digits, the best for an official document
// first.
func chineseFonts() []string {
	return []string{
		"simfang.ttf", "FangSong.ttf", "STFANGSO.TTF", "simsun.ttc", "simsun.ttf", "NotoSerifSC-Regular.ttf", "NotoSansSC-Regular.ttf", "NotoSansSC_400Regular.ttf",
		"gbsn00lp.ttf", "uming.ttc", "LXGWWenKai-Regular.ttf", "wqy-microhei.ttc", "wqy-zenhei.ttc", "simhei.ttf", "msyh.ttc", "Deng.ttf",
	}
}

// FindFont finds a Chinese font among those of the machine. It errs with [ErrNoFont].
func FindFont() (Font, error) {
	names := chineseFonts()
	best, found := len(names), ""
	folders := []string{"/usr/share/fonts", "/usr/local/share/fonts", `C:\Windows\Fonts`, "/Library/Fonts"}
	if home, err := os.UserHomeDir(); err == nil {
		folders = append(folders, filepath.Join(home, ".fonts"), filepath.Join(home, ".local/share/fonts"))
	}
	for _, folder := range folders {
		seen := 0
		// A folder that cannot be read has no fonts for us.
		_ = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if seen++; err != nil || seen > 20_000 {
				return filepath.SkipDir
			}
			for i, name := range names[:best] {
				if strings.EqualFold(name, d.Name()) {
					best, found = i, path
				}
			}
			return nil
		})
	}
	if found == "" {
		return Font{}, ErrNoFont
	}
	file, err := os.Open(found)
	if err != nil {
		return Font{}, fmt.Errorf("open font %s: %w", found, err)
	}
	defer file.Close()
	return ReadFont(file)
}
