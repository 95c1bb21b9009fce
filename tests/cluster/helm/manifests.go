package main

import (
	"path"
	"sort"
	"strings"
	"text/template"

	"sigs.k8s.io/yaml"
)

// Helm's order of installation, of the kinds that a chart like ours has; others come after, hooks last.
var kinds = []string{
	"PriorityClass", "Namespace", "NetworkPolicy", "PodDisruptionBudget", "ServiceAccount", "Secret", "ConfigMap",
	"CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "Service", "Pod", "Deployment",
	"Job",
}

type manifest struct {
	source, text, kind, hook string
}

func (m manifest) rank() int {
	if m.hook != "" {
		return len(kinds) + 1
	}
	for i, kind := range kinds {
		if kind == m.kind {
			return i
		}
	}
	return len(kinds)
}

func render(c chart, dot tree) []manifest {
	t := template.New("chart").Option("missingkey=zero")
	t.Funcs(functions(t))
	for _, name := range c.templateNames() {
		_, err := t.New(name).Parse(c.templates[name])
		must(err)
	}
	var manifests []manifest
	for _, name := range c.templateNames() {
		if strings.HasPrefix(path.Base(name), "_") {
			continue
		}
		dot["Template"] = tree{"Name": name, "BasePath": c.name() + "/templates"}
		var text strings.Builder
		must(t.ExecuteTemplate(&text, name, dot))
		// Rendered to find mistakes, and shown by helm after an installation only.
		if path.Base(name) != "NOTES.txt" {
			manifests = append(manifests, split(name, text.String())...)
		}
	}
	sort.SliceStable(manifests, func(i, k int) bool { return manifests[i].rank() < manifests[k].rank() })
	return manifests
}

func split(source, text string) (manifests []manifest) {
	// A missing key prints so, and helm leaves that out.
	text = strings.ReplaceAll(text, "<no value>", "")
	for _, part := range strings.Split("\n"+text, "\n---") {
		object := tree{}
		must(yaml.Unmarshal([]byte(part), &object), "YAML of "+source)
		if len(object) == 0 {
			continue
		}
		m := manifest{source: source, text: strings.Trim(part, "\n")}
		m.kind, _ = object["kind"].(string)
		metadata, _ := object["metadata"].(tree)
		annotations, _ := metadata["annotations"].(tree)
		m.hook, _ = annotations["helm.sh/hook"].(string)
		manifests = append(manifests, m)
	}
	return manifests
}
