package report

import (
	_ "embed" // the template
	"html/template"
	"io"
	"sync"
)

// The page is made for mail: styles stand in the elements, since mail clients
// drop style sheets, nothing is fetched, and there are no scripts. Tables have
// few columns and cells that wrap, for the width of a phone.
//
//go:embed templates/daily.html
var dailyPage string

var dailyTemplate = sync.OnceValue(func() *template.Template { return template.Must(template.New("daily").Parse(dailyPage)) })

// HTML writes the summary as one page that stands by itself. It says what the
// text says, in the same order, without the limit on lines. Of opt only Verbose
// counts.
func (d *Daily) HTML(w io.Writer, opt TextOptions) error {
	n := brevities[0]
	if opt.Verbose {
		n = everything
	}
	return dailyTemplate().Execute(w, webPage{newWriter(d.Language, n).lang.String(), Printable(d.Subject), webSections(d.document(n))})
}

// webPage is what the template shows. All its text is Printable: characters
// that reorder text do so in a browser as well.
type webPage struct {
	Language, Title string
	Sections        []webSection
}

type webSection struct {
	Title, Note string
	Parts       []webPart
}

type webPart struct {
	Text, Color string // a paragraph
	Bold        bool
	Items       []webItem
	Heads       []webCell
	Rows        [][]webCell
	Shell, Why  string
}

type webItem struct {
	Label, Color string
	Texts        []string
}

// webCell is a cell with what joins it.
type webCell struct {
	Text, Joined string
	Right        bool
}

var webColors = map[style]string{
	stylePlain: "#1f2328", styleDim: "#59636e", styleBold: "#1f2328", styleGood: "#116329", styleWarn: "#7d4e00", styleBad: "#a40e26",
}

func webSections(doc document) []webSection {
	var out []webSection
	for _, s := range doc {
		x := webSection{Title: Printable(s.title), Note: Printable(s.note)}
		for _, p := range s.parts {
			y := webPart{Text: Printable(p.text), Color: webColors[p.style], Bold: p.style == styleBold || p.style == styleGood}
			for _, it := range p.items {
				z := webItem{Label: Printable(it.label), Color: webColors[it.style]}
				for _, text := range it.texts {
					z.Texts = append(z.Texts, Printable(text))
				}
				y.Items = append(y.Items, z)
			}
			if p.table != nil {
				heads := make([]string, len(p.table.columns))
				for i, c := range p.table.columns {
					heads[i] = c.head
				}
				y.Heads = webCells(p.table, heads)
				for _, row := range p.table.rows {
					y.Rows = append(y.Rows, webCells(p.table, row))
				}
			}
			if p.shell != nil {
				y.Shell, y.Why = Printable(p.shell.Command), Printable(p.shell.Why)
			}
			x.Parts = append(x.Parts, y)
		}
		out = append(out, x)
	}
	return out
}

// webCells puts the cells of columns that join with those in front of them.
func webCells(g *grid, row []string) []webCell {
	var out []webCell
	for i, text := range row {
		if g.joins[i] {
			out[len(out)-1].Joined = Printable(text)
			continue
		}
		out = append(out, webCell{Text: Printable(text), Right: g.columns[i].right})
	}
	return out
}
