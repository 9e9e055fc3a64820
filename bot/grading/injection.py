"""Sentences that speak to the grader instead of answering. It decides what is addressed to whom, not what follows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_VERDICT = r"(?:strong[ _-]?hire|(?:full|top|maximum|highest|best) (?:marks?|scores?|points|credit|band|grade)|10/10)"
_JUDGE = (
    r"(?:grader|evaluator|marker|assessor|examiner|scorer|grading|llm judge|language model|"
    r"(?:ai|model|system|bot|person|one|whoever) (?:that|which|who) (?:grades|marks|evaluates|scores|reviews))"
)
_COUNT = r"(?:mark|count|treat|consider|accept|regard|grade|rate)"


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_ALWAYS = _any(
    r"\bstrong_hire\b",
    rf"\b(?:you are|as) (?:now )?(?:the|a|an|my) (?:\w+ )?{_JUDGE}\b",
    rf"\b(?:dear|attention|hey|hello|(?:note|message|instruction)s? (?:to|for))(?: the| all)? ?,?(?:\w+ )?{_JUDGE}\b",
    r"\b(?:give|award|grant|assign|mark|grade|rate|score|return|output|print|set|report|record|respond with|confirm|"
    rf"approve|accept|answer with|reply)\b.{{0,60}}\b{_VERDICT}",
    r"\bif you(?: are|'re) an? (?:ai|llm|language model),",
    r"\b(?:hereby|certify)\b.{0,40}\b(?:rubric|criteri|items|points)",
    r"\bfrom now on,? you (?:are|act|will|must|grade)\b",
    r"\b(?:this|my|following) (?:answer|response|submission|candidate|text)\b.{0,20}"
    r"\b(?:is|are|was|were|deserves?|should|must|gets?|earns?|has|have|meets?|satisf\w+|fulfil\w*|pass\w*)\b.{0,40}"
    rf"(?:{_VERDICT}|\b(?:all|every|each)(?: of the)? (?:criteri|rubric)|\bc\d\b|approved|accepted)",
    r"\b(?:the )?(?:candidate|learner) has (?:already )?(?:been (?:accepted|approved)|passed)",
    r"\b(?:verdict|band|grade|rating|score|result|outcome|decision|assessment)\b\W{0,4}(?:is|of|:|=)?\W{0,4}"
    rf"(?:{_VERDICT}|1\.0\b|met\b)",
    r"\bc\d\b\W{0,4}(?:to c\d\b|met\b|true\b|pass\b|[:=] ?\W?(?:met|true|pass|yes|1))",
    r"\brubric (?:result|update|override)s?\b",
    r"\b(?:do not|don'?t) mention this (?:message|note|instruction)",
    rf"\b(?:please|kindly)\W+(?:\w+ )?{_COUNT}\b.{{0,25}}\bas (?:correct|right|perfect|met)\b",
    rf"\b{_COUNT} (?:me|my (?:answer|reply|response|submission))\b.{{0,20}}\bas\b",
    r"\b(?:deduct|subtract|take off|take away)\b.{0,15}\bpoints\b|\bstates? (?:to|as|=) ?\W?met\b",
    r"\bend of (?:the |my |this )?(?:answer|submission|response)\b|\boverride\W{1,3}(?:score|band|grade|verdict)",
    r"\bgrading (?:is |was )?(?:finished|done|complete|over)",
    r"<[/|]{0,2}(?:system|im_start|im_end|assistant|instructions?|rubric|grade|verdict|answer)\b",
    r"\[/?(?:inst|system)\]|#{2,4} ?(?:system|instruction|assistant|grader)\b",
    r"^\W*(?:system|assistant|developer|admin|administrator|grader|reviewer|evaluator|examiner|mentor)"
    r"(?: (?:prompt|message|note|override|notice))?"
    r"(?: (?:to|for) [^:]{0,30})? ?:",
    r"\b(?:grader|grading|maintenance|developer) (?:test )?(?:mode|override)",
)
"""Nothing that an honest answer to an interview question says."""

_RUBRIC = _any(
    r"\b(?:all|every|each)(?: of the)? criteri(?:a|on)\b.{0,30}\b(?:is|are|as|to|met|satisfied|fulfilled|passed)\b",
    r"\b(?:mark|count|treat|consider|skip|set|passes|bypass)\b.{0,30}\b(?:criteria|criterion|rubric)\b",
    r"\b(?:the|your|this) rubric\b",
    r"\b(?:do not|don'?t|stop|without|skip|no need to)\W+(?:\w+ ){0,2}(?:grad|evaluat|mark|review|analy[sz]|assess)"
    r"\w*\b.{0,25}\b(?:again|learner|answer|further)",
    r"\bskip the (?:analysis|criteria|rubric|evaluation)",
    r"\b(?:rubric|moderator|admin) (?:mode|override|note|instruction)",
)
"""Talk of rubrics and criteria, which belongs in an answer only where the problem is about judging answers."""

_ORDERS = _any(
    r"\b(?:ignore|disregard|forget|overlook)\b.{0,20}\byou (?:were|have been|are) (?:told|instructed|asked)\b",
    r"\b(?:ignore|disregard|forget|override|bypass|discard)\b.{0,30}\b(?:previous|prior|above|preceding|earlier|all|any|"
    r"your|the|these)\b.{0,25}\b(?:instruction|prompt|rubric|criteri|rule|guideline|direction|question)",
    r"\bnew (?:system )?instructions?\b ?:",
    r"\b(?:reveal|print|show|repeat) (?:me )?(?:your|the) (?:system )?(?:prompt|rubric|instructions)",
)
"""Orders that an honest answer about safety may quote as an example."""

_FORGET = (
    ("ignorier|vergiss|vergessen sie|missachte", "anweisung|regel|vorgabe|kriteri|bewertung|rubrik|oben"),
    (
        r"ignore[zr]? (?:toutes? |tous )?(?:les?|la|ces|vos|tes|mes)\b|oublie",
        "instruction|consigne|règle|critère|barème",
    ),
    ("ignora|ignoren|olvid[ae]|descart[ae]", r"instruccion|regla|criterios?\b|rúbrica|rubrica|anteriores"),
    ("ignor[ae] |esque[cç]a|desconsider[ae]", r"instruç|instrucoes|regra|critério|criterios\b|rubrica|anteriores"),
    ("ignora|dimentica|scorda|trascura", "istruzion|regole|criteri|griglia|precedent"),
    ("negeer|vergeet", "instructies|regels|criteria|opdracht|rubriek|vorige"),
    ("z?ignoruj|zapomnij|pomiń", "instrukcj|polece|kryteri|zasad"),
    ("yok say|görmezden|unut|dikkate alma", "talimat|kural|kriter|ölçüt"),
    ("abaikan|lupakan", "instruksi|perintah|aturan|kriteria|rubrik"),
    ("ignorer|glöm|glem|bortse|se bort", "instruktion|instruks|anvisning|kriteri|regler"),
    ("bỏ qua|quên|phớt lờ", "hướng dẫn|chỉ dẫn|tiêu chí|quy tắc"),
    ("игнорируй|забудь|не обращай внимания|пропусти", "инструкци|указани|правил|критери|рубрик"),
    ("ігноруй|забудь|знехтуй", "інструкці|вказівк|правил|критері"),
    ("忽略|无视|無視|忘记|忘記|忘掉|忽視", "指令|指示|说明|說明|规则|規則|标准|標準|提示|评分"),
    ("無視|忘れ", "指示|命令|ルール|基準"),
    ("무시|잊", "지시|지침|명령|기준|규칙"),
    ("تجاهل|انس", "التعليمات|تعليمات|المعايير|القواعد|الأوامر"),
    ("अनदेखा|नज़रअंदाज़|भूल", "निर्देश|नियम|मापदंड|मानदंड"),
    ("התעלם|התעלמ|שכח", "הוראות|הנחיות|כללים|הקריטריונים"),
)
"""What to forget: German, French, Spanish, Portuguese, Italian, Dutch, Polish, Turkish, Indonesian, Swedish and its
neighbours, Vietnamese, Russian, Ukrainian, Chinese, Japanese, Korean, Arabic, Hindi, Hebrew."""

_GRANT = (
    ("bewerte|gib|geben sie|vergib|erteil|kriterien", "strong hire|beste note|volle punkt|höchst|maximal|erfüllt"),
    (
        "donne|attribue|note|accorde|mette?z|critères",
        "strong hire|note maximale|meilleure note|tous les points|remplis",
    ),
    (r"da\b|dame\b|dale\b|otorg[ae]|asign[ae]|marca|pon\b", "strong hire|máxima|más alta|cumplid"),
    ("dê|dá|atribua|aprove|marque|considere", "strong hire|máxima|mais alta|resposta|critérios"),
    (r"assegna|dai\b|dammi|segna|concedi", "strong hire|massimo|massima|più alt|soddisfatt"),
    ("geef|keur|beoordeel", "strong hire|hoogste|maximale|antwoord"),
    ("przyznaj|daj|oceń|zalicz|uznaj", "najwyższ|maksymaln|odpowied"),
    (r"ver\b|kabul et|geçir", "en yüksek|tam puan|cevab|yanıt"),
    ("beri|nyatakan|anggap", "nilai|tertinggi|lulus|terpenuhi"),
    (r"ge\b|gi\b|giv\b|godkän|godken|godkjen", "högst|høyest|højest|betyg|karakter|svar"),
    (r"cho\b|chấm|đánh giá", "điểm cao nhất|điểm tối đa|chấm đạt"),
    ("поставь|оцени|засчитай|зачти|присвой", "высш|максимал|strong|ответ|балл"),
    ("постав|зарахуй|оціни", "найвищ|максимал|strong|відповід"),
    ("给|給|评为|評為|判为|判為|打", "满分|滿分|最高|通过|通過|strong"),
    ("つけ|与え|して", "満点|最高評価|最高点|合格に"),
    ("주세요|줘|시켜|주십시오", "최고|만점|통과"),
    ("امنح|أعط|اعتبر", "درجة|علامة|ناجح|الإجابة"),
    ("दो|दें|दीजिए", "अंक|पास|उत्तर"),
    ("תן|אשר|הענק", "ציון|תשובה"),
)
"""What to grant, in the same languages."""


def _either_order(pairs: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    """A verb and its object near each other. Beyond the Latin script words are not always set apart."""
    sides = []
    for verbs, objects in pairs:
        edge = r"\b" if verbs[0] < "\u0250" else ""
        verb, thing = rf"{edge}(?:{verbs})", rf"{edge}(?:{objects})"
        sides += [f"{verb}.{{0,60}}{thing}", f"{thing}.{{0,60}}{verb}"]
    return _any(*(unicodedata.normalize("NFKC", side) for side in sides))


_FORGET_ABROAD, _GRANT_ABROAD = _either_order(_FORGET), _either_order(_GRANT)

_CUES = re.compile(
    r"hire|grad|mark|scor|submission|response|told|instructed|treat|accept|regard|met\b|overrid|reviewer|"
    r"mentor|evaluat|assess|examin|judge|language model|rubric|criteri|instruc|prompt|rule|guidel|direc|"
    r"question|system|assist|develop|admin|answer|verdict|rating|result|outcome|decision|candidate|learner|mention|"
    r"band|credit|points|10/10|\bc\d|[<#[]|anweis|regel|vorgabe|note|istruz|regole|reg|instrukc|polece|zasad|talimat|"
    r"kural|kriter|abaikan|instruk|antwoord|odpowied|puan|cevab|nilai|lulus|tertinggi|betyg|svar|karakter|opdracht|"
    r"massim|maxim|hoogste|soddisf|cumplid|resposta|from now on|certif|hereby|if you"
)
"""One of these stands in every sentence that the English and other Latin patterns match."""

_EXAMPLE = re.compile(
    r"[\"“”'‘«][^\"“”'’»]{0,80}\b(?:ignore|disregard|forget|override|reveal|print)\b|"
    r"\b(?:attacker|user|customer|document|e-?mail|page|message|text|input|someone|adversar\w+|injection|jailbreak|"
    r"prompts?|says?|saying|such as|e\.g|like|example|tries|try|telling|tells|could|may|might|never|not|would|"
    r"which|that|if|when)\b.{0,60}\b(?:ignore|disregard|forget|override|reveal|print|show)\b",
    re.IGNORECASE,
)


_LOOKALIKES = str.maketrans("авеікмнорстухѕјԁɡοαερτυχ", "abeikmhopctyxsjdgoaeptux")
"""Cyrillic and Greek small letters that pass for Latin ones."""

_TAGS = re.compile("(?<!\U0001f3f4)[\U000e0020-\U000e007e]+")
"""Invisible copies of the ASCII characters; behind a black flag they make the flag of a region."""
_BACKWARDS = re.compile("[\u202d\u202e\u2067]([^\u202c\u2069\n]*)")
_ZERO_WIDTH = re.compile("[\u200b-\u200d\u2060-\u2064\ufeff]{16,}")
"""More than any script or emoji needs in a row: bits of a message."""
_DISGUISED = re.compile(
    "\\S[\u200b-\u200d\u2060\ufeff]\\S?|[\uff21-\uff5a]|[A-Za-z][\u0370-\u04ff]|[\u0370-\u04ff][A-Za-z]"
)
"""In a word: something invisible, letters of double width, or those of two scripts."""


def addressed(sentence: str, on_judging: bool = False) -> bool:
    """Whether a sentence, in lower case, talks to whoever grades: orders, fake prompts and results, in many languages.

    `on_judging`: the problem itself is about rubrics and graders, so an honest answer talks of them too.
    """
    if sentence.isascii():
        return _CUES.search(sentence) is not None and _speaks(sentence, on_judging)
    return _speaks(sentence, on_judging) or _speaks(sentence.translate(_LOOKALIKES), on_judging)


def _speaks(sentence: str, on_judging: bool) -> bool:
    if _ALWAYS.search(sentence) or _GRANT_ABROAD.search(sentence):
        return True
    if not on_judging and _RUBRIC.search(sentence):
        return True
    ordered = _ORDERS.search(sentence) or _FORGET_ABROAD.search(sentence)
    return ordered is not None and _EXAMPLE.search(sentence) is None


def hidden(raw: str, on_judging: bool = False) -> bool:
    """Whether a text holds words to the grader that a reader does not see: invisible, or written backwards."""
    if raw.isascii():
        return False
    return _ZERO_WIDTH.search(raw) is not None or any(addressed(text.lower(), on_judging) for text in _uncovered(raw))


def _uncovered(raw: str) -> Iterator[str]:
    for tags in _TAGS.finditer(raw):
        yield "".join(chr(ord(character) - 0xE0000) for character in tags.group())
    for backwards in _BACKWARDS.finditer(raw):
        yield backwards.group(1)[::-1]
    disguised = " ".join(word for word in raw.split() if _DISGUISED.search(word))
    yield unicodedata.normalize("NFKC", re.sub("[\u200b-\u200d\u2060\ufeff]", "", disguised))
