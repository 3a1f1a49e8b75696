// Package letter makes the letters (告知书) of a request for information: from what is known of a case and a template to
// a [paper.Document]. Requests received before 2019-05-15 have the letters that the Regulation of 2007 (R2007) knows,
// which cite its articles and its number.
//
// # Templates
//
// A template is a file of text, one a kind, named as the kind. An organ may put its own in place of those that are part
// of the program: [Load] takes a folder, those in it for all organs, those in a folder named by an organ's code for that
// one. It checks them, and refuses one with file and line. Its form:
//
//	# a comment
//	标题：{机关名称}                      the head: 标题, 称呼, 附件, 附注, each as often as wanted
//	称呼：{申请人}
//	                                    an empty line
//	本机关于{收到日期}收到……              the body, a paragraph a line
//	[?获取方式]可以通过{获取方式}提出。     a line only where there is a value; [!获取方式] where there is none
//	[?2007年条例]……                      a line for requests that R2007 governs; [!2007年条例] for all others
//	## 一、标题                           a heading
//	{理由}                               alone on its line: a paragraph a line of the value
//
// A value is never read as a template again. One that a line needs and that the case has not is a [law.Breach] that names
// it. [Placeholders] lists what can stand in braces.
//
// # The law
//
// What a letter cites, it cites from its kind's place in the law; what it says of the applicant's remedies is composed
// here and not in the templates, so that no template can tell a wrong period (Reconsideration Law 2023 arts. 20, 23;
// Litigation Law 2017 arts. 45, 46). A form of reports is no ground in a letter, and is not cited.
package letter
