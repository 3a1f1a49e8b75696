package fault

import "gongkai/services/law"

// letterTexts are those of letters that cannot be made.
func letterTexts() map[law.Reason]law.Label {
	return map[law.Reason]law.Label{
		"LETTER_UNKNOWN":       {Zh: "没有“{letter}”这种文书；请从可用的文书中选择。", En: "There is no letter {letter}; choose one of those there are."},
		"LETTER_VALUE_MISSING": {Zh: "文书“{letter_zh}”缺少“{value}”；请补充后重新生成。", En: "The letter \"{letter_en}\" lacks a value that its template calls {value}; give it and make the letter anew."},
		"LETTER_NONE_BEFORE":   {Zh: "申请于{received_on}收到，适用2007年的条例，该条例没有“{letter_zh}”这一步骤；请选择其他文书。", En: "The request was received on {received_on} and the Regulation of 2007 governs it, which does not have \"{letter_en}\"; choose another letter."},
	}
}
