package main

// contextOf is what a template sees as its dot.
func contextOf(c chart, release, namespace string, values tree) tree {
	return tree{
		"Values":  values,
		"Chart":   c.metadata,
		"Files":   c.files,
		"Release": tree{"Name": release, "Namespace": namespace, "Service": "Helm"},
	}
}
