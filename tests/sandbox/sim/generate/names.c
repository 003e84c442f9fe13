/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names in many scripts. */
#include "config.h"

#include "sim/generate/names.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/util/mem.h"

/** Names of one script; surname first where people write it so. */
struct script {
	const char *given[8];
	const char *surname[8];
	bool surname_first;
};

static const struct script scripts[] = {
	{{"Emma", "Oliver", "Grace", "Liam", "Ruth", "Noah", "Alice", "Owen"},
	 {"Smith", "O'Connor", "Taylor-Jones", "Brown", "Walker", "Evans", "Hughes", "Clark"},
	 false},
	{{"Jürgen", "Käthe", "Björn", "Zoë", "Günther", "Änne", "Sören", "Jörg"},
	 {"Müller", "Größ", "Schäfer", "Weiß", "von der Heide", "Köhler", "Böhm", "Süß"},
	 false},
	{{"João", "Inês", "Lourenço", "Conceição", "Simão", "Núria", "Tomás", "Antónia"},
	 {"Gonçalves", "Simões", "da Conceição", "Araújo", "Brandão", "Magalhães", "Leão", "Sá"},
	 false},
	{{"Łukasz", "Agnieszka", "Zdzisław", "Bożena", "Jiří", "Žofie", "Šimon", "Dagmar"},
	 {"Wiśniewska", "Żółć", "Kaczyński", "Dvořák", "Novák", "Škoda", "Čapek", "Grzyb"},
	 false},
	{{"İbrahim", "Işıl", "Çağla", "Şükrü", "Ömer", "Gülşen", "Uğur", "Dilek"},
	 {"Yıldırım", "Öztürk", "Çelik", "Şahin", "Doğan", "Güneş", "Aydın", "Kılıç"},
	 false},
	{{"Nguyệt", "Phúc", "Hương", "Đức", "Thảo", "Quỳnh", "Bảo", "Ánh"},
	 {"Nguyễn", "Trần", "Phạm", "Huỳnh", "Đặng", "Bùi", "Võ", "Lý"},
	 true},
	{{"Γιώργος", "Ελένη", "Κωνσταντίνος", "Μαρία", "Νίκος", "Σοφία", "Άρης", "Χλόη"},
	 {"Παπαδόπουλος", "Νικολάου", "Ιωάννου", "Οικονόμου", "Βλάχος", "Αγγέλου", "Μακρής",
	  "Ψαρράς"},
	 false},
	{{"Ольга", "Сергей", "Наталья", "Дмитрий", "Зоя", "Щедрин", "Юлія", "Тарас"},
	 {"Иванова", "Шевченко", "Кузнецов", "Ковальчук", "Объедков", "Ёлкина", "Їжак", "Цой"},
	 false},
	{{"محمد", "فاطمة", "يوسف", "ليلى", "عمر", "زينب", "خالد", "نور"},
	 {"الأحمد", "حسين", "العلي", "المصري", "الخطيب", "قاسم", "السيد", "عبد الله"},
	 false},
	{{"אברהם", "רחל", "יצחק", "נועה", "דוד", "שרה", "משה", "תמר"},
	 {"כהן", "לוי", "מזרחי", "פרץ", "ביטון", "דהן", "אברהמי", "פרידמן"},
	 false},
	{{"आरव", "प्रिया", "विक्रम", "अनन्या", "रोहित", "दीपिका", "कृष्ण", "मीरा"},
	 {"शर्मा", "गुप्ता", "सिंह", "पटेल", "अय्यर", "चौधरी", "मिश्रा", "त्रिपाठी"},
	 false},
	{{"สมชาย", "สุนีย์", "ประเสริฐ", "มาลี", "วิชัย", "อรุณี", "ธนา", "กิตติ"},
	 {"แสงทอง", "ใจดี", "ศรีสุข", "บุญมี", "ทองคำ", "วงศ์ไทย", "สุขใจ", "พันธุ์ดี"},
	 false},
	{{"伟", "秀英", "敏", "静", "磊", "洋", "艳", "𠮷"},
	 {"王", "李", "张", "刘", "陳", "歐陽", "司馬", "诸葛"},
	 true},
	{{"陽菜", "大翔", "さくら", "蓮", "結衣", "湊", "アンナ", "葵"},
	 {"佐藤", "鈴木", "高橋", "渡邉", "山﨑", "小林", "加藤", "斎藤"},
	 true},
	{{"민준", "서연", "도윤", "하은", "지호", "수아", "예준", "지유"},
	 {"김", "이", "박", "최", "정", "강", "남궁", "황보"},
	 true},
	{{"გიორგი", "ნინო", "დავით", "მარიამ", "Արմեն", "Անահիտ", "Գայանե", "Տիգրան"},
	 {"ბერიძე", "კაპანაძე", "გელაშვილი", "მელაძე", "Պետրոսյան", "Սարգսյան", "Հակոբյան",
	  "Գրիգորյան"},
	 false},
	/* The same letters in their decomposed form. */
	{{"Rene\u0301e", "Zoe\u0308", "Ange\u0301lique", "A\u030Asa", "Jose\u0301", "Bjo\u0308rk",
	  "Franc\u0327ois", "Noe\u0308l"},
	 {"Ce\u0301sar", "Mu\u0308ller", "Ngo\u0302", "A\u030Angstro\u0308m", "Pen\u0303a",
	  "Dvor\u030Ca\u0301k", "S\u030Cmid", "Go\u0308tz"},
	 false},
};

/* What RFC 4514 wants escaped, at the front, in the middle; %s %s are the name. */
static const char *const hostile_people[] = {
	"%s, %s (R&D)",   "#%s %s",         " %s  %s",   "%s \"Ace\" %s", "%s <%s>",
	"%s + %s = team", "%s \\ %s; temp", "%s/%s*(?)", "%s\u202E%s",    "👩\u200D💻 %s %s",
};

static const char *const teams[] = {
	"Finance", "Marketing",  "Vertrieb",  "Comptabilité", "開発部",       "Бухгалтерия",
	"人事部",  "Produktion", "Förderung", "Operações",    "قسم المبيعات", "Yönetim",
	"Όμιλος",  "법무팀",     "गुणवत्ता",    "Board",
};

static const char *const purposes[] = {
	"readers", "owners", "all staff", "Projekt", "external", "leads", "on call", "archive",
};

static const char *const hostile_groups[] = {
	"  %s  ",
	"# %s",
	"%s, EMEA + \"R&D\" <x> \\ ; = end",
	"Line one\nline two\t%s",
	"Invoice \u202Egnp.%s",
	"<script>alert('%s')</script>",
	"*)(objectClass=%s",
	"a\"b/c\\d[e]f:g;h|i=j+k*l?m<n>o,%s",
	"%%n%%s%%x {0} $(id) `id` %s",
	"\x1B[31mred %s",
	"🚀👩\u200D👩\u200D👧 %s 🇵🇹",
	"\u00A0\u200B\uFEFF%s",
};

/** A part of @random that is below @count. */
static size_t pick(uint64_t random, unsigned shift, size_t count)
{
	return (size_t)((random >> shift) % count);
}

/* The tables above are the formats; each takes what its caller gives. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void join(char *text, size_t size, const char *format, const char *a, const char *b)
{
	snprintf(text, size, format, a, b);
}
#pragma GCC diagnostic pop

void sim_name_person(uint64_t random, uint64_t number, bool hostile, struct sim_name *ret_name)
{
	const struct script *script = &scripts[pick(random, 0, SIM_ARRAY_SIZE(scripts))];
	const char *given = script->given[pick(random, 16, SIM_ARRAY_SIZE(script->given))];
	const char *surname = script->surname[pick(random, 24, SIM_ARRAY_SIZE(script->surname))];
	const char *format = "%s %s";

	if (hostile && pick(random, 40, 100) == 0) {
		format = hostile_people[pick(random, 32, SIM_ARRAY_SIZE(hostile_people))];
	}
	snprintf(ret_name->given, sizeof(ret_name->given), "%s", given);
	snprintf(ret_name->surname, sizeof(ret_name->surname), "%s", surname);
	join(ret_name->display, sizeof(ret_name->display), format,
	     script->surname_first ? surname : given, script->surname_first ? given : surname);
	snprintf(ret_name->relative, sizeof(ret_name->relative), "%s %" PRIu64, ret_name->display,
		 number);
}

/* 200 letters of two bytes each, and what tells this group from the next. */
static void longest(uint64_t number, char ret_text[SIM_NAME_TEXT])
{
	size_t at =
		(size_t)snprintf(ret_text, SIM_NAME_TEXT, "Sehr langer Name %" PRIu64 " ", number);

	for (int i = 0; i < 200; i++) {
		memcpy(ret_text + at, "ä", 2);
		at += 2;
	}
	ret_text[at] = '\0';
}

void sim_name_group(uint64_t random, uint64_t number, bool hostile, char ret_text[SIM_NAME_TEXT])
{
	char name[160];
	size_t which = pick(random, 32, SIM_ARRAY_SIZE(hostile_groups) + 1);

	snprintf(name, sizeof(name), "%s %s %" PRIu64,
		 teams[pick(random, 0, SIM_ARRAY_SIZE(teams))],
		 purposes[pick(random, 16, SIM_ARRAY_SIZE(purposes))], number);
	if (!hostile || pick(random, 40, 50) != 0) {
		snprintf(ret_text, SIM_NAME_TEXT, "%s", name);
	} else if (which == SIM_ARRAY_SIZE(hostile_groups)) {
		longest(number, ret_text);
	} else {
		join(ret_text, SIM_NAME_TEXT, hostile_groups[which], name, "");
	}
}
