package fault

import "gongkai/services/law"

// lifeTexts are those of the life of reports, of roll-ups and of reconciliation.
func lifeTexts() map[law.Reason]law.Label {
	return map[law.Reason]law.Label{
		"RECONCILIATION_TOO_WIDE":   {Zh: "所辖机关有{organizations}个，一次最多核对{limit}个；请对下级机关分别核对。", En: "There are {organizations} organisations in this area, and at most {limit} are reconciled at once; ask for those below one by one."},
		"SIGNED_COPY_EXISTS":        {Zh: "第{version}版已有签字盖章件，不能替换；报告有误的请更正，新版本另附签章件。", En: "Version {version} has its signed copy, which is not replaced; correct the report, and attach one to the new version."},
		"SIGNED_COPY_OTHER_VERSION": {Zh: "报告现为第{current}版，不能附第{version}版的签章件；请核对版本。", En: "The report is in version {current}, so a copy of version {version} cannot be attached; check the version."},
		"SIGNED_COPY_NOT_SUBMITTED": {Zh: "报告尚未报送，没有可以盖章的版本；请报送后再附签章件。", En: "The report is not submitted, so there is no version to sign; attach the copy once it is."},
		"SIGNED_COPY_KIND_UNKNOWN":  {Zh: "签章件应为PDF、OFD或者图片（PNG、JPEG）；请换成其中一种。", En: "A signed copy is a PDF, an OFD or a picture (PNG, JPEG); give one of these."},
	}
}
