package form

import (
	"fmt"
	"strings"

	"gongkai/services/law"
)

// Category is a sort of disclosures that a report counts apart.
type Category struct {
	ID    string    `yaml:"id"`
	Label law.Label `yaml:"label"`
	Items []int     `yaml:"items"` // the items of R2019 art. 20 that it fits; may be empty
}

// Categories returns the standard list of categories, which is valid for the years whose form has no list of its own,
// and for those that have no form. It is the list of the reports for 2018.
func Categories() []Category {
	return []Category{
		{ID: "government_document", Label: law.Label{Zh: "政府文件", En: "Government documents"}, Items: []int{1}},
		{ID: "work_report", Label: law.Label{Zh: "工作报告", En: "Work reports"}},
		{ID: "emergency_management", Label: law.Label{Zh: "应急管理", En: "Emergency management"}, Items: []int{12}},
		{ID: "work_update", Label: law.Label{Zh: "工作动态", En: "Work updates"}},
		{ID: "other", Label: law.Label{Zh: "其他", En: "Other"}, Items: []int{15}},
	}
}

// CategoryUnknown is the reason of a category that the year's form does not have. Values: category, year, known (their
// ids), known_zh (the same with their labels).
const CategoryUnknown law.Reason = "CATEGORY_UNKNOWN_TO_FORM"

// Categories returns the categories of a year: its form's, or the standard list if it has no form.
func (fs Forms) Categories(year int) []Category {
	for i := range fs {
		if fs[i].Covers(year) {
			return fs[i].Categories
		}
	}
	return Categories()
}

// CheckCategory refuses a category that the year does not have, with a [*law.Breach] of [CategoryUnknown].
// The year is that of the disclosure's publication.
func (fs Forms) CheckCategory(year int, id string) error {
	var known, labelled []string
	for _, c := range fs.Categories(year) {
		if c.ID == id {
			return nil
		}
		known, labelled = append(known, c.ID), append(labelled, c.Label.Zh+"（"+c.ID+"）")
	}
	broken := law.Under(law.Citation{Act: law.R2019, Article: "20"})
	broken.If(true, CategoryUnknown, "category", "category", id, "year", fmt.Sprint(year), "known", strings.Join(known, ", "),
		"known_zh", strings.Join(labelled, "、"))
	return broken.Err()
}
