{{/* Name of all objects in the release's namespace. */}}
{{- define "codeparrot.name" -}}
{{- $name := .Release.Name -}}
{{- if not (contains "codeparrot" $name) }}{{ $name = printf "%s-codeparrot" $name }}{{ end -}}
{{- default $name .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{/* Name of objects without a namespace: two releases may have one name in two namespaces. */}}
{{- define "codeparrot.clusterName" -}}
{{ .Release.Namespace }}-{{ include "codeparrot.name" . }}
{{- end -}}

{{/* What selects the operator's pods. Pods of runs have the application codeparrot, without -operator. */}}
{{- define "codeparrot.selector" -}}
app.kubernetes.io/name: codeparrot-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "codeparrot.labels" -}}
{{ include "codeparrot.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name (.Chart.Version | replace "+" "_") }}
{{- with .Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "codeparrot.serviceAccount" -}}
{{ default (include "codeparrot.name" .) .Values.serviceAccount.name }}
{{- end -}}

{{/* An image's whole name, of a dict with root, image and repository. */}}
{{- define "codeparrot.image" -}}
{{- with .root.Values.images.registry }}{{ trimSuffix "/" . }}/{{ end -}}
{{- default .repository .image.repository -}}
{{- if .image.digest }}@{{ .image.digest }}{{ else }}:{{ default .root.Chart.AppVersion .image.tag }}{{ end -}}
{{- end -}}

{{- define "codeparrot.operatorImage" -}}
{{ include "codeparrot.image" (dict "root" . "image" .Values.images.operator "repository" "codeparrot/operator") }}
{{- end -}}

{{- define "codeparrot.trainerImage" -}}
{{- $image := .Values.images.trainer -}}
{{- $repository := ternary "codeparrot/trainer-cpu" "codeparrot/trainer" (eq $image.accelerator "cpu") -}}
{{ include "codeparrot.image" (dict "root" . "image" $image "repository" $repository) }}
{{- end -}}

{{/* Meets Pod Security's profile restricted. */}}
{{- define "codeparrot.podSecurity" -}}
runAsNonRoot: true
{{- with .Values.operator.userId }}
runAsUser: {{ . | int }}
runAsGroup: {{ . | int }}
{{- end }}
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "codeparrot.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{/* name=amount,… as the operator's options take it. */}}
{{- define "codeparrot.pairs" -}}
{{- $pairs := list -}}
{{- range $key, $value := . }}{{ $pairs = append $pairs (printf "%s=%v" $key $value) }}{{ end -}}
{{ join "," $pairs }}
{{- end -}}

{{/* namespace[:label=value,…];… as the operator's option takes it. */}}
{{- define "codeparrot.metricsPeers" -}}
{{- $peers := list -}}
{{- range .Values.metrics.peers -}}
{{- $labels := include "codeparrot.pairs" .podLabels -}}
{{- $peers = append $peers (ternary (printf "%s:%s" .namespace $labels) .namespace (ne $labels "")) -}}
{{- end -}}
{{ join ";" $peers }}
{{- end -}}

{{/* Rules of the operator where runs live. */}}
{{- define "codeparrot.operatorRules" -}}
{{ .Files.Get "files/operator-rules.yaml" }}
{{- if .Values.rbac.kueue }}
{{ .Files.Get "files/kueue-rules.yaml" }}
{{- end }}
{{- if .Values.rbac.coscheduling }}
{{ .Files.Get "files/coscheduling-rules.yaml" }}
{{- end }}
{{- if .Values.rbac.volcano }}
{{ .Files.Get "files/volcano-rules.yaml" }}
{{- end }}
{{- if .Values.rbac.nativeGangs }}
{{ .Files.Get "files/native-gang-rules.yaml" }}
{{- end }}
{{- end -}}

{{/* The end of a binding, of a dict with root, kind and name of the role. */}}
{{- define "codeparrot.binding" -}}
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: {{ .kind }}, name: {{ .name }} }
subjects:
  - kind: ServiceAccount
    name: {{ include "codeparrot.serviceAccount" .root }}
    namespace: {{ .root.Release.Namespace }}
{{- end -}}
