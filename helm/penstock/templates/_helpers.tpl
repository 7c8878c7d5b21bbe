{{/* The chart's name, or what replaces it. */}}
{{- define "penstock.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{/* What the names of all objects begin with. 40 characters leave room for the longest ending within a label's 63. */}}
{{- define "penstock.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride }}
{{- else }}
{{- $name := include "penstock.name" . }}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "penstock.injector.name" -}}
{{- printf "%s-injector" (include "penstock.fullname" .) }}
{{- end }}

{{- define "penstock.serviceAccountName" -}}
{{- $account := .Values.injector.serviceAccount }}
{{- if $account.create }}
{{- default (include "penstock.injector.name" .) $account.name }}
{{- else }}
{{- default "default" $account.name }}
{{- end }}
{{- end }}

{{/* By these the injector's pods are found. They never change over upgrades: a Deployment's selector cannot. */}}
{{- define "penstock.injector.selector" -}}
app.kubernetes.io/name: {{ include "penstock.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: injector
{{- end }}

{{/* Labels of every object. Call it with (dict "root" $ "component" "…"). */}}
{{- define "penstock.labels" -}}
app.kubernetes.io/name: {{ include "penstock.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "penstock.image" -}}
{{- $image := .Values.image }}
{{- if $image.digest }}
{{- printf "%s@%s" $image.repository $image.digest }}
{{- else }}
{{- printf "%s:%s" $image.repository (default .Chart.AppVersion $image.tag) }}
{{- end }}
{{- end }}

{{- define "penstock.sidecar.image" -}}
{{- $own := .Values.sidecar.image }}
{{- $repository := default .Values.image.repository $own.repository }}
{{- if $own.digest }}
{{- printf "%s@%s" $repository $own.digest }}
{{- else if or $own.repository $own.tag }}
{{- printf "%s:%s" $repository (coalesce $own.tag .Values.image.tag .Chart.AppVersion) }}
{{- else }}
{{- include "penstock.image" . }}
{{- end }}
{{- end }}

{{/* The ConfigMap that holds the policy. */}}
{{- define "penstock.policy.source" -}}
{{- default .Values.policy.configMapName .Values.policy.existingConfigMap }}
{{- end }}

{{/* The Secret with the injector's certificate. Each mode has a name of its own, so that the mode can change in an upgrade. */}}
{{- define "penstock.tls.secret" -}}
{{- $mode := .Values.webhook.certificates.mode }}
{{- if eq $mode "given" }}
{{- required "webhook.certificates.given.secretName must name a Secret of type kubernetes.io/tls" .Values.webhook.certificates.given.secretName }}
{{- else if eq $mode "certManager" }}
{{- printf "%s-cert" (include "penstock.injector.name" .) }}
{{- else }}
{{- printf "%s-tls" (include "penstock.injector.name" .) }}
{{- end }}
{{- end }}

{{/* What the API server calls the injector. */}}
{{- define "penstock.tls.dnsNames" -}}
{{- $service := printf "%s.%s" (include "penstock.injector.name" .) .Release.Namespace }}
- {{ $service }}.svc
- {{ $service }}
{{- end }}

{{/*
"true" where a switch of true, false or auto is on. With auto, it is on where the cluster knows the Prometheus operator's API.
Call it with (dict "root" $ "switch" …).
*/}}
{{- define "penstock.monitoring.on" -}}
{{- if kindIs "bool" .switch }}
{{- .switch }}
{{- else }}
{{- .root.Capabilities.APIVersions.Has "monitoring.coreos.com/v1" }}
{{- end }}
{{- end }}
