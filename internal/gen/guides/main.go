// Command guides writes docs/guias: what the people of the desks in presets
// have to know, in Spanish. The pages are templates in the folder pages; what
// they say of a desk (its addresses, fields, links, states, deadlines) is
// asked of the desk itself, made from its preset as the daemon makes it. The
// mails they show are those of the scenarios in test/scenarios/guias, which
// are played, and the fragments of configuration are the files in
// docs/guias/ejemplos, which a test loads. So a page cannot say what is not so.
//
// Its argument is the folder of the repository; without one it is the parent
// folder, which suits go generate in presets. It stops at the first fault and
// then writes nothing.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	root := ".."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	if err := write(root); err != nil {
		fmt.Fprintln(os.Stderr, "gen/guides:", err)
		os.Exit(1)
	}
}

func write(root string) error {
	pages, err := generate(root)
	if err != nil {
		return err
	}
	for name, text := range pages {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// folder is where the pages stand in the repository.
const folder = "docs/guias/"

// generate makes the text of each page, by its path in the repository.
func generate(root string) (map[string]string, error) {
	guides, err := open(root)
	if err != nil {
		return nil, err
	}
	texts, err := readTexts(root)
	if err != nil {
		return nil, err
	}
	pages := map[string]string{}
	for _, g := range guides {
		for _, kind := range []string{"solicitantes", "agentes"} {
			name := folder + g.Config.ID + "-" + kind + ".md"
			if pages[name], err = texts.page(kind+".md", g); err != nil {
				return nil, fmt.Errorf("desk %s: %w", g.Config.ID, err)
			}
		}
	}
	if pages[folder+"README.md"], err = texts.page("README.md", guides); err != nil {
		return nil, err
	}
	all, err := newReference()
	if err != nil {
		return nil, err
	}
	pages[folder+"administracion.md"], err = texts.page("administracion.md", all)
	return pages, err
}
