#!/usr/bin/env bash
# Makes tls.crt, tls.key and ca.crt for the webhook, beside this file. The authority's key is thrown away. Needs openssl.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

days=1825
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 077

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days $days \
  -subj '/CN=penstock-injector-root' -keyout "$work/ca.key" -out ca.crt
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
  -subj '/CN=penstock-injector.penstock-system.svc' -keyout tls.key -out "$work/tls.csr"
printf 'subjectAltName=DNS:penstock-injector.penstock-system.svc,DNS:penstock-injector.penstock-system\n' >"$work/names"
openssl x509 -req -in "$work/tls.csr" -CA ca.crt -CAkey "$work/ca.key" -CAcreateserial -CAserial "$work/serial" \
  -days $days -extfile "$work/names" -out tls.crt
