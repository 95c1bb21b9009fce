package main

import (
	"encoding/json"
	"errors"
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
	all["fromYaml"] = fromYaml
	all["toJson"] = func(value interface{}) (string, error) {
		text, err := json.Marshal(value)
		return string(text), err
	}
	all["required"] = func(complaint string, value interface{}) (interface{}, error) {
		if value == nil || value == "" {
			return value, errors.New(complaint)
		}
		return value, nil
	}
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

func fromYaml(text string) tree {
	t := tree{}
	if err := yaml.Unmarshal([]byte(text), &t); err != nil {
		t["Error"] = err.Error()
	}
	return t
}
