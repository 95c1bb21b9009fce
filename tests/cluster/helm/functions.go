package main

import (
	"fmt"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"sigs.k8s.io/yaml"
)

const deepest = 1000

// functions are sprig's and helm's own; those that need helm's clients are left out, so that a template with them fails.
func functions(t *template.Template) template.FuncMap {
	depth := 0
	all := sprig.TxtFuncMap()
	delete(all, "env")
	delete(all, "expandenv")
	all["toYaml"] = toYaml
	all["include"] = func(name string, dot interface{}) (string, error) {
		if depth++; depth > deepest {
			return "", fmt.Errorf("%s: includes itself without end", name)
		}
		var text strings.Builder
		err := t.ExecuteTemplate(&text, name, dot)
		depth--
		return text.String(), err
	}
	return all
}

func toYaml(value interface{}) (string, error) {
	text, err := yaml.Marshal(value)
	return strings.TrimSuffix(string(text), "\n"), err
}
