package main

import (
	"io/fs"
	"log"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"
)

type chart struct {
	// metadata is Chart.yaml with the capitals that templates write.
	metadata  tree
	values    tree
	templates map[string]string
	files     chartFiles
}

func loadChart(folder string) chart {
	c := chart{templates: map[string]string{}, files: chartFiles{}}
	c.values = readTree(filepath.Join(folder, "values.yaml"))
	c.metadata = tree{}
	for key, value := range readTree(filepath.Join(folder, "Chart.yaml")) {
		c.metadata[strings.ToUpper(key[:1])+key[1:]] = value
	}
	if c.metadata["Dependencies"] != nil {
		log.Fatal("a chart with dependencies is not rendered here")
	}
	must(filepath.WalkDir(folder, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, file)
		must(err)
		text, err := os.ReadFile(file)
		must(err)
		switch top := strings.Split(name, "/")[0]; top {
		case "charts", "crds":
			log.Fatalf("a chart with a folder %s is not rendered here", top)
		case "templates":
			c.templates[path.Join(c.name(), name)] = string(text)
		case "Chart.yaml", "values.yaml", "values.schema.json":
		default:
			c.files[name] = text
		}
		return nil
	}))
	return c
}

func (c chart) name() string { return c.metadata["Name"].(string) }

// templateNames are in the order in which they are rendered.
func (c chart) templateNames() []string {
	names := make([]string, 0, len(c.templates))
	for name := range c.templates {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// chartFiles is .Files: what is no template and no values.
type chartFiles map[string][]byte

// Get is a file's text; empty for none.
func (f chartFiles) Get(name string) string { return string(f[name]) }
