"""Writes Impetus.Engine/Tokenization/Unicode/UnicodeData.txt.

The reference (Hugging Face tokenizers) freezes several versions of Unicode: Oniguruma's classes are 16.0,
its normalisation forms and UnicodeScripts 9.0, its case mapping 17.0. What the fixture unicode_tables.json.gz
records is taken from there; the rest of the Unicode Character Database comes from Perl (scripts, ages and
combining classes) and Node.js (sub-categories, scripts, case folding), cut down to the same version.
"""
import gzip, json, pathlib, subprocess, unicodedata

here = pathlib.Path(__file__).parent
golden = json.load(gzip.open(here / "unicode_tables.json.gz"))
classes, maps, splits = golden["regex_classes"], golden["normalizer_maps"], golden["pre_tokenizers"]


def members(ranges):
    return {c for first, last in ranges for c in range(first, last + 1)}


def ranges(codes):
    codes, out = sorted(codes), []
    for c in codes:
        if out and out[-1][1] == c - 1:
            out[-1][1] = c
        else:
            out.append([c, c])
    return " ".join(f"{a:X}" if a == b else f"{a:X}-{b:X}" for a, b in out)


def perl(prop):
    code = ('use Unicode::UCD "prop_invmap"; my ($l,$m)=prop_invmap($ARGV[0]);'
            'for my $i (0..$#$l) { print "$l->[$i] $m->[$i]\\n" }')
    rows = [r.split() for r in subprocess.check_output(["perl", "-e", code, prop], text=True).splitlines()]
    table, starts = {}, [int(r[0]) for r in rows] + [0x110000]
    for i, row in enumerate(rows):
        for c in range(starts[i], min(starts[i + 1], 0x110000)):
            table[c] = row[1]
    return table


def node(properties):
    code = """
      const out = {}, all = [];
      for (let c = 0; c < 0x110000; c++) if (c < 0xd800 || c > 0xdfff) all.push(c);
      for (const p of JSON.parse(process.argv[1])) {
        const re = new RegExp('^\\\\p{' + p + '}$', 'u');
        out[p] = all.filter(c => re.test(String.fromCodePoint(c)));
      }
      console.log(JSON.stringify(out));"""
    return json.loads(subprocess.check_output(["node", "-e", code, json.dumps(properties)], text=True))


lines = []


def put_set(name, codes):
    lines.append(f"set {name} {ranges(codes)}")


def put_map(name, entries):
    cells = (f"{c:X}={'.'.join(f'{ord(x):X}' for x in text)}" for c, text in sorted(entries.items()))
    lines.append(f"map {name} {' '.join(cells)}")


unassigned = members(classes["C"])
for name in ["L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "S", "Z", "C"]:
    put_set(name, members(classes[name]))
subs = ["Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Co"]
for name, codes in node(subs).items():
    put_set(name, set(codes) & members(classes[name[0]]))
put_set("word", members(classes["w"]))
put_set("alpha", members(classes["posix_alpha"]))
for name, codes in node(["Uppercase", "Lowercase"]).items():
    put_set(name[:5].lower(), set(codes) - unassigned)
put_set("punct", members(classes["posix_punct"]))

script = perl("Script")
names = sorted({v for v in script.values() if v != "Unknown"})
for name, codes in node([f"Script={n}" for n in names]).items():
    short = name.split("=")[1]
    put_set(short, members(classes[short]) if short in classes else set(codes) - unassigned)

put_set("Numeric", members(splits["Digits_split"]))
put_set("Punctuation", members(splits["Punctuation_split"]))
removed = members(maps["Bert_clean_only"]["removed"])
put_set("BertControl", removed)
put_set("BertMark", members(maps["Bert_clean_cjk_lower_strip"]["removed"]) - removed)
marks = members(maps["StripAccents"]["removed"])
put_set("CombiningMark", marks)

age = perl("Age")
script9 = {}
for c, s in script.items():
    if s != "Unknown" and age[c] not in ("Unassigned", "NA") and float(age[c].lstrip("V").replace("_", ".")) <= 9:
        script9.setdefault(s, set()).add(c)
for name, c in [("Common", 0x589), ("Common", 0x61C), ("Devanagari", 0x953), ("Devanagari", 0x954)]:
    script9[script[c]].discard(c)
    script9[name].add(c)
for name in sorted(script9):
    put_set(f"9.{name}", script9[name])

by_class = {}
for c, k in perl("Canonical_Combining_Class").items():
    if k != "0" and c in marks:
        by_class.setdefault(int(k), set()).add(c)
for k in sorted(by_class):
    put_set(f"ccc.{k}", by_class[k])


def mapping(name):
    return {int(c, 16): text for c, text in maps[name]["map"].items()}


nfd, nfkd, nfc = mapping("NFD"), mapping("NFKD"), mapping("NFC")
put_map("NFD", nfd)
put_map("NFKD", {c: t for c, t in nfkd.items() if nfd.get(c) != t})
put_set("NoComposition", {c for c in nfc})
put_map("Lower", mapping("Lowercase"))
put_map("Fold", {c: chr(c).casefold() for c in range(0x110000)
                 if not 0xD800 <= c < 0xE000 and chr(c).casefold() != chr(c)})

target = here.parents[2] / "Impetus.Engine/Tokenization/Unicode/UnicodeData.txt"
target.write_text("\n".join(lines) + "\n")
print(target, target.stat().st_size)
