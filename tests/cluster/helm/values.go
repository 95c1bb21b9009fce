package main

import (
	"log"
	"os"
	"strconv"
	"strings"

	"sigs.k8s.io/yaml"
)

// tree is a YAML mapping; numbers in it are float64, as they are in helm.
type tree = map[string]interface{}

func readTree(file string) tree {
	text, err := os.ReadFile(file)
	must(err)
	t := tree{}
	must(yaml.Unmarshal(text, &t), file)
	return t
}

// givenValues are those of files and options, later ones over earlier ones.
func givenValues(o options) tree {
	values := tree{}
	for _, file := range o.files {
		values = overlay(values, readTree(file))
	}
	for _, pairs := range o.sets {
		values = overlay(values, parsePairs(pairs, typed))
	}
	for _, pairs := range o.setStrings {
		values = overlay(values, parsePairs(pairs, func(text string) interface{} { return text }))
	}
	return values
}

// overlay puts above over below; a null stays, to take away a chart's default later.
func overlay(below, above tree) tree {
	result := copyOf(below)
	for key, value := range above {
		upper, isTree := value.(tree)
		lower, wasTree := result[key].(tree)
		if isTree && wasTree {
			value = overlay(lower, upper)
		}
		result[key] = value
	}
	return result
}

// merge puts given values over a chart's own; a null takes the chart's away.
func merge(own, given tree) tree {
	result := copyOf(own)
	for key, value := range given {
		if value == nil {
			delete(result, key)
			continue
		}
		if upper, isTree := value.(tree); isTree {
			lower, _ := result[key].(tree)
			value = merge(lower, upper)
		}
		result[key] = value
	}
	return result
}

func copyOf(t tree) tree {
	result := tree{}
	for key, value := range t {
		result[key] = value
	}
	return result
}

// parsePairs reads a.b=c,d=e where a backslash takes the meaning from a dot or a comma.
func parsePairs(text string, parse func(string) interface{}) tree {
	result := tree{}
	for _, pair := range splitPlain(text, ',') {
		key, value, found := strings.Cut(pair, "=")
		if !found {
			log.Fatalf("--set %s: has no =", pair)
		}
		if strings.ContainsAny(key, "[]") || strings.HasPrefix(value, "{") {
			log.Fatalf("--set %s: lists are not read here, use a file of values", pair)
		}
		leaf := parse(strings.NewReplacer(`\,`, ",", `\\`, `\`).Replace(value))
		keys := splitPlain(key, '.')
		for i := len(keys) - 1; i >= 0; i-- {
			leaf = tree{strings.ReplaceAll(keys[i], `\.`, "."): leaf}
		}
		result = overlay(result, leaf.(tree))
	}
	return result
}

func splitPlain(text string, separator byte) (parts []string) {
	start := 0
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' {
			i++
		} else if text[i] == separator {
			parts = append(parts, text[start:i])
			start = i + 1
		}
	}
	return append(parts, text[start:])
}

func typed(text string) interface{} {
	switch text {
	case "true", "false":
		return text == "true"
	case "null":
		return nil
	}
	number, err := strconv.ParseInt(text, 10, 64)
	if err == nil && (text == "0" || !strings.HasPrefix(text, "0")) {
		return number
	}
	return text
}
