package main

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestPictureInABrowser: a picture goes from the expert's form over the preview and the approval to
// the public page, where it is drawn; what is no picture is refused in words, with the answer kept.
func TestPictureInABrowser(t *testing.T) {
	t.Parallel()
	i := found(t, "embedded")
	b := openBrowser(t)
	i.schedule("homes")
	public := b.tab("citizen", i.base+"/s/homes")
	anna, edgars := b.desk("moderator", i.link("Anna Bērziņa")), b.desk("expert", i.link("Edgars Ozols"))
	anna.open(i.base + "/desk/anna-berzina/homes")
	edgars.open(i.base + "/desk/edgars-ozols/homes")
	ask(public, "Where is the office?")
	public.open(i.base + "/s/homes")
	anna.press(`form[action$="/q/1/accept"] button`)

	edgars.write("#q1-submit-text", "See the map.")
	edgars.chooses("#q1-submit-file-0", file(t, "drawing.png", []byte("<svg onload=alert(1)>")), "A map.", "Ilze")
	edgars.press("#q1-submit button[type=submit]")
	edgars.see("#q1", "This file is no picture")
	edgars.until("the answer is still there", `document.querySelector("#q1-submit-text").value === "See the map."`)
	edgars.chooses("#q1-submit-file-0", aMap(t), "A map of the quarter.", "Ilze Ozola")
	edgars.press("#q1-submit button[type=submit]")

	drawn := `[...document.querySelectorAll("#q1 .picture img")].some(e =>
		e.complete && e.naturalWidth === 60 && e.alt === "A map of the quarter.")`
	anna.until("the preview shows the picture", drawn)
	anna.see("#q1 .picture", "Ilze Ozola")
	public.gone(".picture")
	anna.press(`form[action$="/q/1/approve"] button`)
	public.see("#answered #q1", "See the map.")
	public.do("scroll", chromedp.ScrollIntoView("#q1 .picture"))
	public.until("the page shows the picture", drawn)
	public.see("#q1 .picture", "Picture: Ilze Ozola")
}

// chooses picks a file and says what is in it.
func (p *tab) chooses(css, path, alt, author string) {
	p.t.Helper()
	p.until("open "+css, fmt.Sprintf(`(() => { const e = document.querySelector(%q); if (!e) return false; %s return true; })()`, css, reveal))
	p.do("choose a file", chromedp.SetUploadFiles(css, []string{path}))
	p.write("#q1-submit-alt-0", alt)
	p.write("#q1-submit-author-0", author)
}

func file(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func aMap(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "map.png")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img := image.NewNRGBA(image.Rect(0, 0, 60, 40))
	img.Set(1, 1, color.White)
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	return path
}
