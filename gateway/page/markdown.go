package page

import (
	"bytes"
	"fmt"
	"html/template"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
)

// markdown renders the text of a record or of a report's part. What it lets through has no scripts, no
// styles and no images; links lead out of the site without telling where from.
func markdown(text string) (template.HTML, error) {
	if text == "" {
		return "", nil
	}
	reader := goldmark.New(goldmark.WithExtensions(extension.Table, extension.CJK), goldmark.WithRendererOptions(html.WithHardWraps()))
	var out bytes.Buffer
	if err := reader.Convert([]byte(text), &out); err != nil {
		return "", fmt.Errorf("convert Markdown: %w", err)
	}
	policy := bluemonday.NewPolicy()
	policy.AllowElements("p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "h3", "h4", "h5", "h6", "hr", "code", "pre",
		"table", "thead", "tbody", "tr", "th", "td")
	policy.AllowAttrs("href").OnElements("a")
	policy.AllowURLSchemes("http", "https")
	policy.RequireNoFollowOnLinks(true)
	policy.RequireNoReferrerOnLinks(true)
	return template.HTML(policy.SanitizeBytes(out.Bytes())), nil
}
