package ground

import "gongkai/services/law"

func r2007(articles ...string) []law.Citation { return cite(law.R2007, articles...) }

func cite(act law.Act, articles ...string) []law.Citation {
	citations := make([]law.Citation, len(articles))
	for i, article := range articles {
		citations[i] = law.Citation{Act: act, Article: article}
	}
	return citations
}

// rows2007 are the outcomes under the Regulation of 2007. Its art. 21 has the answers that an organ can give: (1) open,
// (2) not to be opened, (3) not this organ's or not existing, (4) unclear.
func rows2007() []row {
	return []row{
		{id: "already_public", zh: "属于已主动公开范围", en: "Already public", grounds: r2007("21 item 1")},
		{id: "granted", zh: "同意公开", en: "Granted", grounds: r2007("21 item 1")},
		{id: "partial", zh: "同意部分公开", en: "Granted in part", grounds: r2007("22")},
		{id: "denied_state_secret", zh: "不同意公开:涉及国家秘密", en: "Denied: state secret", grounds: r2007("14(4)")},
		{id: "denied_business_secret", zh: "不同意公开:涉及商业秘密", en: "Denied: business secret", grounds: r2007("14(4)", "23")},
		{id: "denied_privacy", zh: "不同意公开:涉及个人隐私", en: "Denied: privacy", grounds: r2007("14(4)", "23")},
		{id: "denied_security", zh: "不同意公开:危及国家安全、公共安全、经济安全和社会稳定", en: "Denied: national, public or economic security, social stability", grounds: r2007("8")},
		{id: "denied_not_government_information", zh: "不同意公开:不是《条例》所指政府信息", en: "Denied: not government information in the Regulation's sense", grounds: r2007("2")},
		{id: "denied_other", zh: "不同意公开:法律法规规定的其他情形", en: "Denied: other cases set by law", grounds: r2007("21 item 2")},
		{id: "not_held", zh: "不属于本行政机关公开", en: "Not this organ's to disclose", grounds: r2007("21 item 3")},
		{id: "not_existing", zh: "申请信息不存在", en: "Information does not exist", grounds: r2007("21 item 3")},
		{id: "unclear", zh: "告知作出更改补充", en: "Told to change or complete the request", grounds: r2007("21 item 4")},
		{id: "other", zh: "告知通过其他途径办理", en: "Told of another way"},
	}
}
