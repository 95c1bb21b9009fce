// Renders a chart as "helm template" does, for machines without helm; build-helm.sh builds it.
//
//	helm-template template [options] RELEASE CHART    prints manifests
//	helm-template values [options] RELEASE CHART      prints the values that they are made from, as JSON
//	helm-template json                                turns manifests, of its own or of helm, into a line of JSON each
//
// It knows what the chart at hand needs, and refuses the rest by name: no charts within charts, no folder crds/, no
// lists in --set, nothing of what the server can do, no functions that our templates do not call. It does not look at
// values.schema.json: tests do, and helm itself does.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"strings"
)

// texts is an option that may be given again and again.
type texts []string

func (t *texts) String() string { return strings.Join(*t, ",") }

func (t *texts) Set(text string) error {
	*t = append(*t, text)
	return nil
}

type options struct {
	namespace               string
	files, sets, setStrings texts
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("Error: ")
	command := append(os.Args, "")[1]
	if command == "json" {
		printJson(os.Stdin)
		return
	}
	if command != "template" && command != "values" {
		log.Fatal("usage: helm-template (template|values) [options] RELEASE CHART, or helm-template json")
	}
	var o options
	flags := flag.NewFlagSet(command, flag.ExitOnError)
	for _, name := range []string{"n", "namespace"} {
		flags.StringVar(&o.namespace, name, "default", "namespace of the release")
	}
	for _, name := range []string{"f", "values"} {
		flags.Var(&o.files, name, "file of values")
	}
	flags.Var(&o.sets, "set", "a.b=value,…")
	flags.Var(&o.setStrings, "set-string", "a.b=text,…")
	names := parseAnywhere(flags, os.Args[2:])
	if len(names) != 2 {
		log.Fatalf("usage: helm-template %s [options] RELEASE CHART", command)
	}
	c := loadChart(names[1])
	values := merge(c.values, givenValues(o))
	if command == "values" {
		printLine(values)
		return
	}
	for _, m := range render(c, contextOf(c, names[0], o.namespace, values)) {
		fmt.Printf("---\n# Source: %s\n%s\n", m.source, m.text)
	}
}

// parseAnywhere takes options before, between and behind the arguments that are none, as helm does.
func parseAnywhere(flags *flag.FlagSet, arguments []string) (others []string) {
	for len(arguments) > 0 {
		must(flags.Parse(arguments))
		if arguments = flags.Args(); len(arguments) > 0 {
			others = append(others, arguments[0])
			arguments = arguments[1:]
		}
	}
	return others
}

func must(err error, about ...string) {
	if err != nil {
		log.Fatal(strings.Join(append(about, err.Error()), ": "))
	}
}
