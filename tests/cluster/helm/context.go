package main

import "strings"

// kubeVersion is .Capabilities.KubeVersion.
type kubeVersion struct{ Version, Major, Minor, GitVersion string }

func (k kubeVersion) String() string { return k.Version }

// versionSet is .Capabilities.APIVersions.
type versionSet []string

// Has says whether the server has an API, as group/version or group/version/Kind.
func (v versionSet) Has(api string) bool {
	for _, one := range v {
		if one == api {
			return true
		}
	}
	return false
}

// contextOf is what a template sees as its dot.
func contextOf(c chart, release string, values tree, o options) tree {
	version := "v" + strings.TrimPrefix(o.kubeVersion, "v")
	parts := append(strings.Split(strings.TrimPrefix(version, "v"), "."), "0", "0")
	var apis versionSet
	for _, list := range o.apiVersions {
		apis = append(apis, strings.Split(list, ",")...)
	}
	return tree{
		"Values": values,
		"Chart":  c.metadata,
		"Files":  c.files,
		"Release": tree{
			"Name": release, "Namespace": o.namespace, "Service": "Helm", "Revision": 1,
			"IsInstall": !o.isUpgrade, "IsUpgrade": o.isUpgrade,
		},
		"Capabilities": tree{
			"KubeVersion": kubeVersion{version, parts[0], parts[1], version},
			"APIVersions": apis,
		},
	}
}
