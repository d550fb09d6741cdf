package screening

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A part of a text in «» must be found, with exactly these ends; everything else
// must be left alone. All values are invented.
var personal = map[Kind][]string{
	PersonalCode: {
		"Mans kods ir «160175-12345», paldies",
		"«16017512345»", "«160175 12345»", "«160175\u00a012345»", "«160175–12345»", "«160175 - 12345»", "«160175−12345»",
		"«290200-21234»", // a leap day
		"PVN LV«160175-12345»",
		"«321234-56789», «39123456789»", // the form since 2017
		"«010100-00000»",                // no check digit is demanded
		"pk«160175-12345».", "(«160175-12345»)",
		"«37129123456»", // as likely a code that begins with 37 as a phone: the safe reading
	},
	IBAN: {
		"Pārskaitiet uz «LV80BANK0000435195001»!",
		"«LV80 BANK 0000 4351 9500 1» un viss", "«lv80bank0000435195001»", "«LV80-BANK-0000-4351-9500-1»",
		"«LV80\u00a0BANK\u00a00000\u00a04351\u00a09500\u00a01»",
	},
	Phone: {
		"Zvaniet «29123456»", "«+371 29123456»", "«+37129123456», «0037167123456»", "«+371 29 123 456»", "«+371-2912-3456»",
		"tālr. «29 123 456».", "«2912 3456»", "«67-123-456»", "«67 12 34 56»", "tel:«+37167123456»",
		"zvani «29123456» 2 reizes", "«29123456», «67123456»", "«+371 80001234»", "«90001234»",
		"«+44 20 7946 0958» from abroad", "«+46 8 123 456 78» 5 reizes", "«+370 612 34567»",
		"«20 170 522»", // in these groups it is no day
	},
	Email: {
		"rakstiet «janis.berzins@example.lv».", "<«a@b.lv»>", "«Jānis+jautājums@pasts.example.com»,", "mailto:«x_y@example.org»?subject=a",
		"«a-b@ex-ample.co.uk»", "«juris@piemērs.lv»",
	},
	Address: {
		"dzīvoju «Brīvības ielā 12-3», Rīgā", "«Krišjāņa Valdemāra iela 10»", "«brīvības ielā 12»", "Rīgā, «Raiņa bulvāris 5A»",
		"«Brīvības gatve 430 k-2»", "«Stacijas laukums 4», «LV-1050»", "«Rīgas šoseja 12/14»", "«Mazā Nometņu ielā 7 - 21».",
		"«Zemitāna laukumā 2, dz. 15»", "«Vienības prospekts 3», «Meža ceļš 8»",
	},
	CaseNumber: {"lieta Nr. «C30123456»", "«A420123456» un «K12345678»"},
	Document: {
		"pase «LV1234567»", "«PA1234567»,", "«123456789»", "vadītāja apliecība «ABC123456»", "pase «lv1234567»",
	},
	Plate: {
		"mans auto «AB-1234» stāv", "numurs «AB-123»", "mašīna ar numuru «AB 1234»", "«AB1234» ir mana automašīna", "piekabe «B-234»",
		"my car «AB-1234»",
	},
	BirthDate: {
		"dzimis «17.03.1985».", "dzimusi «1985. gada 17. martā»", "«17.03.1985» dzimis", "born «17 March 1985»",
		"dzimšanas datums: «1985-03-17»", "dzimusi «1. 2. 1985»",
	},
	ProfileLink: {
		"«https://t.me/janis_b»", "«facebook.com/janis.berzins» " +
			"un", "(«https://www.instagram.com/janis»)", "«https://lv.linkedin.com/in/janis-b»",
		"«https://x.com/janis»/status/17", "«https://wa.me/37129123456»",
	},
	Name: {"Mani sauc «Jānis Bērziņš», esmu no Rīgas", "my name is «Anna Maria Liepa».", "Vārds, uzvārds: «Pēteris Kalniņš-Ozols»"},
	Health: {"man ir «diabēts»", "«Vēzis» man atklāts", "Manam dēlam ir «autisms»", "I have «cancer»", "my son is «disabled»",
		"es gaidu «invaliditātes» grupu"},
}

// What must not be found, by the rule that leaves it alone.
var public = map[string][]string{
	"company and VAT numbers": {"LV40003123456", "Reģ. Nr. 40003123456", "LV 50003123456", "PVN LV90000123456"},
	"no such date":            {"310275-12345", "001375-12345", "290201-21234", "123456-78901", "160175-32345", "311234-56789"},
	"part of more digits":     {"1601751234567", "9160175-12345", "160175-123456"},
	"check digits":            {"LV81BANK0000435195001", "LV80BANK000043519500", "LV80BANK00004351950011"},
	"short numbers":           {"zvaniet 112", "113 vai 1188", "116006"},
	"not a phone":             {"19123456", "39123456", "2912345", "291234567890", "20261122", "2014-2020", "2014 2020", "2017-05-22"},
	"sums and counts":         {"25 000 000", "25 123 456 eiro", "€ 29 123 456", "28 123 456 cilvēki", "EUR 29123456", "EUR123456"},
	"inside an address":       {"https://example.lv/item?id=29123456", "https://example.lv/AB1234567", "www.example.lv/123456789"},
	"plates without a word":   {"AB-1234", "LV 2", "ST-7", "EB-1 visas", "my EB-1 car", "auto A4", "H-1234", "autors AB-1234"},
	"far from the word":       {"auto" + strings.Repeat(" un tā tālāk", 10) + " AB-1234"},
	"not a house": {"ceļa 5 km", "laukumā 12:00", "laukumā 22. maijā", "ceļā 5 dienas", "laukumā 2017", "ielā 5. stāvā",
		"laukums 300 m2", "ielā 5 gadus", "iela", "ielas ir 5"},
	"not an address of mail": {"@janis", "https://example.social/@janis.b", "a@b", "a @ b.lv"},
	"not a profile": {"https://facebook.com/events/17", "facebook.com/sharer.php?u=x", "https://example.lv/janis",
		"https://netx.com/a", "t.co/abc"},
	"no birth":         {"17.03.1985", "1985. gada 17. martā", "termiņš 17.03.2026"},
	"no name follows":  {"Mani sauc par agru", "esmu Latvijas Republikas pilsonis", "Jānis Bērziņš"},
	"health of nobody": {"diabēts", "ES vēža apkarošanas plāns: vēzis", "depresija ir slimība", "my form is invalid"},
	"a court":          {"C3012345", "B30123456x"},
	"nothing":          {"", " ", "Cik maksā pase?", "Paldies!"},
}

// marked splits a text with «» into the text and the parts.
func marked(s string) (text string, parts []Finding) {
	var b strings.Builder
	for _, r := range s {
		switch r {
		case '«':
			parts = append(parts, Finding{Start: b.Len()})
		case '»':
			parts[len(parts)-1].End = b.Len()
		default:
			b.WriteRune(r)
		}
	}
	return b.String(), parts
}

func TestPersonalFinds(t *testing.T) {
	for kind, texts := range personal {
		for _, s := range texts {
			text, want := marked(s)
			for i := range want {
				want[i].Kind = kind
				if kind == PersonalCode || kind == IBAN {
					want[i].Severity = Block
				}
			}
			if got := Personal(text); !slices.Equal(got, want) {
				t.Errorf("%q:\ngot  %v\nwant %v", s, got, want)
			}
		}
	}
}

func TestPersonalLeavesPublicThingsAlone(t *testing.T) {
	for why, texts := range public {
		for _, text := range texts {
			if got := Personal(text); len(got) != 0 {
				t.Errorf("%s: %q: got %v", why, text, got)
			}
		}
	}
}

func TestOverlapsBecomeOne(t *testing.T) {
	fs := []Finding{{Phone, Warn, 4, 9}, {PersonalCode, Block, 7, 12}, {Plate, Warn, 11, 20}, {Email, Warn, 20, 22}, {Name, Warn, 0, 2}}
	want := []Finding{{Name, Warn, 0, 2}, {PersonalCode, Block, 4, 20}, {Email, Warn, 20, 22}}
	if got := merge(fs); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Only the codes that identify a person for the state, or their money, block.
func TestOnlyCodesAndAccountsBlock(t *testing.T) {
	for _, d := range detectors {
		if want := d.kind == PersonalCode || d.kind == IBAN; (d.severity == Block) != want {
			t.Errorf("%s: severity %d", d.kind, d.severity)
		}
		if !slices.Contains(Kinds, d.kind) {
			t.Errorf("%s is not in Kinds", d.kind)
		}
	}
}

// BenchmarkHostile shows that time grows with the text and not faster, whatever is in
// it: the patterns are tried on bounded windows.
func BenchmarkHostile(b *testing.B) {
	for _, unit := range []string{"1", "1 ", "99 99 ", "+371 2912345 ", "AB-123 ", "@a.", "iela 1 ", "auto AB-123 ",
		"a1", "\xff", "Mani sauc A"} {
		for _, size := range []int{8_000, 64_000} {
			text := strings.Repeat(unit, size/len(unit))
			b.Run(fmt.Sprintf("%q/%d", unit, size), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					Personal(text)
				}
			})
		}
	}
}

func FuzzPersonal(f *testing.F) {
	for _, texts := range personal {
		for _, s := range texts {
			text, _ := marked(s)
			f.Add(text)
		}
	}
	for _, texts := range public {
		for _, text := range texts {
			f.Add(text)
		}
	}
	f.Add("+371\xff29123456 ielā\xc4 5 \x80@b.lv \xe1\x84ā@b.lv")
	f.Fuzz(func(t *testing.T, text string) {
		fs := Personal(text)
		checkFindings(t, text, fs)
		OfAnswer(text, "lv")
	})
}

func checkFindings(t *testing.T, text string, fs []Finding) {
	t.Helper()
	boundary := map[int]bool{len(text): true}
	for i := range text {
		boundary[i] = true
	}
	last := 0
	for _, f := range fs {
		if f.Start < last || f.End <= f.Start || !boundary[f.Start] || !boundary[f.End] {
			t.Errorf("%q: bad ends in %v", text, fs)
			return
		}
		if (f.Severity == Block) != (f.Kind == PersonalCode || f.Kind == IBAN) {
			t.Errorf("%q: %v", text, f)
		}
		last = f.End
	}
}

// FuzzBlocks compares the quick answer with the whole search.
func FuzzBlocks(f *testing.F) {
	for _, text := range []string{"", "a 32345612345 b", "LV80BANK0000435195001", "010190-12345", "+371 20000000", "371 20000000"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		want := false
		for _, found := range Personal(text) {
			want = want || found.Severity == Block
		}
		if got := Blocks(text); got != want {
			t.Errorf("Blocks(%q) = %v, Personal says %v", text, got, want)
		}
	})
}
