package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"sigs.k8s.io/yaml"
)

func printJson(manifests io.Reader) {
	text, err := io.ReadAll(manifests)
	must(err)
	for _, part := range strings.Split("\n"+string(text), "\n---") {
		object := tree{}
		must(yaml.Unmarshal([]byte(part), &object))
		if len(object) > 0 {
			printLine(object)
		}
	}
}

func printLine(object tree) {
	text, err := json.Marshal(object)
	must(err)
	fmt.Println(string(text))
}
