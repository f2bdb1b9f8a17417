// Package rules holds the rules of the house that a compiler does not: who may
// import whom.
package rules

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/cauce-desk/cauce"

// own says which packages of ours a package may import. "*" is any but what is
// only for tests. What is not listed may import none, so a new package must be
// entered here.
var own = map[string][]string{
	"ticket":               {"calendar"},
	"calendar":             {},
	"chart":                {},
	"config":               {"ticket", "calendar"},
	"parser":               {"ticket"},
	"templates":            {"ticket"},
	"keys":                 {"ticket"},
	"presets":              {},
	"store":                {"ticket"},
	"store/bolt":           {"store", "ticket"},
	"store/storetest":      {"store", "ticket"},
	"mailflow/smtpd":       {"ticket", "parser"},
	"mailflow/authn":       {"ticket", "parser", "mailflow/authn/smime"},
	"mailflow/authn/smime": {"ticket", "parser"},
	"mailflow/milter":      {},
	"dnsplan":              {},
	"mailflow/compose":     {"ticket", "parser"},
	"mailflow/deliver":     {"ticket", "parser"},
	"mailflow": {"ticket", "parser", "templates", "store", "mailflow/smtpd", "mailflow/authn",
		"mailflow/compose", "mailflow/deliver", "mailflow/milter", "chart"},
	"control": {"ticket", "store"},
	"daemon": {"config", "control", "keys", "mailflow", "mailflow/authn", "mailflow/authn/smime", "mailflow/compose", "mailflow/deliver",
		"mailflow/milter", "mailflow/smtpd",
		"store", "store/bolt", "templates", "ticket"},
	"demo":                {"*"},
	"cmd/cauce":           {"*"},
	"internal/mailclient": {"parser", "mailflow/compose", "mailflow/deliver"},
	"internal/mailtest":   {"internal/mailclient", "mailflow/compose"},
	"internal/gen/states": {"ticket"},
	"internal/gen/config": {"config", "presets"},
	"internal/gen/guides": {"calendar", "config", "daemon", "mailflow", "presets", "templates", "ticket"},
	"internal/rules":      {},
}

// forTests are packages of ours that no code but tests may import.
var forTests = []string{"internal/mailtest", "store/storetest"}

// confined says which packages alone may import a library.
var confined = map[string][]string{
	"go.etcd.io/bbolt":               {"store/bolt"},
	"github.com/spf13/viper":         {"config"},
	"github.com/spf13/cobra":         {"cmd/cauce"},
	"github.com/emersion/go-smtp":    {"mailflow/smtpd"},
	"github.com/emersion/go-sasl":    {}, // the far end of deliver's tests
	"github.com/emersion/go-message": {"parser"},
	"github.com/emersion/go-milter":  {"mailflow/milter"},
	"github.com/emersion/go-msgauth": {"mailflow/authn"},
	"github.com/pires/go-proxyproto": {"mailflow/smtpd"},
	"github.com/miekg/dns":           {"mailflow/authn", "dnsplan"},
	"blitiri.com.ar/go/spf":          {"mailflow/authn", "dnsplan"},
	"github.com/smallstep/pkcs7":     {"parser"},
	"gonum.org/v1/plot":              {"chart"},
}

func TestImports(t *testing.T) {
	packages := importsByPackage(t)
	for folder := range own {
		if packages[folder] == nil && folder != "internal/rules" { // which is all test
			t.Errorf("%s is in the table of packages and nowhere else", folder)
		}
	}
	for folder, imports := range packages {
		allowed, known := own[folder]
		if !known {
			t.Errorf("%s is not in the table of packages", folder)
		}
		for _, path := range imports {
			inner, ours := strings.CutPrefix(path, module+"/")
			unbound := slices.Contains(allowed, "*") && !slices.Contains(forTests, inner)
			if ours && !unbound && !slices.Contains(allowed, inner) {
				t.Errorf("%s imports %s", folder, inner)
			}
			checkConfined(t, folder, path)
		}
	}
}

func checkConfined(t *testing.T, folder, path string) {
	for library, folders := range confined {
		if (path == library || strings.HasPrefix(path, library+"/")) && !slices.Contains(folders, folder) {
			t.Errorf("%s imports %s, which is for %v", folder, path, folders)
		}
	}
}

// importsByPackage reads the imports of all code that is not a test.
func importsByPackage(t *testing.T) map[string][]string {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		folder, _ := filepath.Rel(root, filepath.Dir(path))
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || folder == "test" || strings.HasPrefix(folder, "test/") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		found[folder] = append(found[folder], "")
		for _, imported := range file.Imports {
			name, _ := strconv.Unquote(imported.Path.Value)
			found[folder] = append(found[folder], name)
		}
		return nil
	})
	if err != nil || len(found) < 10 {
		t.Fatalf("read %d packages: %v", len(found), err)
	}
	return found
}
