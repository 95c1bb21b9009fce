# CodeParrot. `make help` lists what there is; `make run` and `make test` install what they need.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

CONFIGURATION ?= Release
PREFIX        ?= /usr/local
STATE         ?= .codeparrot
# The sources that the quickstart learns from; any folder with Python files does.
CORPUS        ?=
# More arguments for codeparrot run, as in RUN_FLAGS="--set training.maxSteps=100".
RUN_FLAGS     ?=
# Which images, and how: operator/CodeParrot.Operator/Images/build.sh tells of IMAGE_PREFIX, BUILD, IMAGE_FLAGS, ENGINE.
IMAGES        ?= operator trainer-cpu trainer
export IMAGE_PREFIX BUILD IMAGE_FLAGS ENGINE ARCHIVES
CRD           := crds/trainingruns.codeparrot.dev.yaml
SUDO          := $(if $(filter 0,$(shell id -u)),,sudo)
DOTNET_FLAGS  := -c $(CONFIGURATION) --nologo -v quiet
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

# The loss curve's text needs a font.
RUN_PACKAGES  := fonts-dejavu-core $(if $(CORPUS),,$(if $(shell command -v python3),,python3))
KUBECTL       := $(if $(shell command -v kubectl),,kubernetes-client)
# An S3 server, a Prometheus, and what talks to an API server.
SERVER_PACKAGES := radosgw ceph-mon ceph-osd ceph-common prometheus iproute2 curl openssl jq $(KUBECTL)
# Shells whose completions are tried.
SHELL_PACKAGES := zsh fish
TEST_PACKAGES := $(RUN_PACKAGES) $(SERVER_PACKAGES) $(SHELL_PACKAGES) python3 gcc libc6-dev $(if $(shell command -v npm),,nodejs npm)
# Only to unpack the sources of a server that tests need, once.
SOURCE_PACKAGES := dpkg-dev xz-utils
# A node, and what builds its programs and its images.
NODE_PACKAGES := containerd runc containernetworking-plugins iptables conntrack procps kmod buildah gcc libc6-dev $(SOURCE_PACKAGES)

# The peer of the training step.
STEP_PACKAGES := python3-torch libopenblas0-pthread

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build everything; bin/ then holds codeparrot, trainer and the plugin of kubectl
	@echo "building ($(CONFIGURATION)) …"
	@dotnet build CodeParrot.sln $(DOTNET_FLAGS)
	@# In no solution, as it is not among the tests of `make test`; but it must not rot.
	@dotnet build tests/e2e $(DOTNET_FLAGS)
	@mkdir -p bin
	@ln -sfn ../artifacts/bin/CodeParrot.Cli/$(shell echo $(CONFIGURATION) | tr A-Z a-z)/codeparrot bin/codeparrot
	@ln -sfn ../artifacts/bin/CodeParrot.Trainer/$(shell echo $(CONFIGURATION) | tr A-Z a-z)/trainer bin/trainer
	@ln -sfn ../artifacts/bin/CodeParrot.Cli/$(shell echo $(CONFIGURATION) | tr A-Z a-z)/kubectl-codeparrot bin/kubectl-codeparrot
	@ln -sfn ../artifacts/bin/CodeParrot.Cli/$(shell echo $(CONFIGURATION) | tr A-Z a-z)/kubectl_complete-codeparrot bin/kubectl_complete-codeparrot
	@echo "bin/codeparrot, bin/kubectl-codeparrot and bin/trainer are ready"

.PHONY: run
run: run-packages build ## Train the quickstart's model on this machine's own Python sources (or CORPUS=dir)
	@tests/quickstart/run.sh "$(STATE)" "$(CORPUS)" $(RUN_FLAGS)

.PHONY: control-plane
control-plane: test-packages ## Build the Kubernetes control plane that tests need, once, into the user's cache
	@tests/cluster/build-control-plane.sh --where >/dev/null 2>&1 || { $(call install-packages,$(SOURCE_PACKAGES)); }
	@tests/cluster/build-control-plane.sh >/dev/null
	@tests/cluster/build-helm.sh >/dev/null

.PHONY: test
test: test-packages control-plane build ## Run every test; the last line counts them
	@tests/run.sh $(CONFIGURATION)

.PHONY: test-sim
test-sim: ## Simulate the operator: SEED=n replays one seed with its trace, SEEDS=n plays many on all cores (FROM=1)
	@dotnet build tests/simulation $(DOTNET_FLAGS)
	@dotnet artifacts/bin/CodeParrot.Simulation.Tests/$(shell echo $(CONFIGURATION) | tr A-Z a-z)/CodeParrot.Simulation.Tests.dll \
		$(if $(SEED),replay $(SEED),search $(or $(FROM),1) $(or $(SEEDS),1000)) $(if $(BUG),"$(BUG)")

.PHONY: test-cel
test-cel: control-plane ## Have a Kubernetes server judge the CRD's rules, and compare with our own validation
	@tests/cluster/build-crd-server.sh >/dev/null
	@tests/cluster/cel/judge.sh
	@dotnet build tests/unit/CodeParrot.Api.Tests $(DOTNET_FLAGS)
	@dotnet artifacts/bin/CodeParrot.Api.Tests/$(shell echo $(CONFIGURATION) | tr A-Z a-z)/CodeParrot.Api.Tests.dll \
		-class CodeParrot.Api.Tests.Crd.VerdictTests -noLogo

.PHONY: test-gpu
test-gpu: ## Build with CUDA's libtorch and run what needs a GPU (GPUS=n: how many are there; fewer fail)
	@dotnet build tests/gpu -p:TorchBackend=cuda $(DOTNET_FLAGS)
	@CODEPARROT_EXPECT_GPUS=$(or $(GPUS),1) \
		dotnet artifacts/cuda/bin/CodeParrot.Gpu.Tests/$(shell echo $(CONFIGURATION) | tr A-Z a-z)/CodeParrot.Gpu.Tests.dll -noLogo

.PHONY: verify
verify: test-packages control-plane build ## What a change must pass: formatting, and every test
	@dotnet tool restore >/dev/null
	@dotnet csharpier check .
	@tests/run.sh $(CONFIGURATION)

.PHONY: e2e
e2e: ## Install the chart on a real node, train and disturb (CLUSTER=current: in the kubeconfig's cluster); root
	@$(call install-packages,$(if $(CLUSTER),curl jq $(KUBECTL),$(SERVER_PACKAGES) $(NODE_PACKAGES)))
	@tests/e2e/run.sh $(CLUSTER)

.PHONY: bench
bench: test-packages control-plane build ## Run the benchmarks, each with its baseline in the same run (BENCH=name for one)
	@$(if $(filter step,$(or $(BENCH),step)),$(call install-packages,$(STEP_PACKAGES)))
	@for name in $(or $(BENCH),near secrets corpus tokenizer data ring ranks step checkpoint operator); do \
		case $$name in \
			tokenizer) tests/benchmarks/Tokenizer/run.sh ;; \
			operator) tests/benchmarks/Operator/run.sh ;; \
			*) dotnet artifacts/bin/CodeParrot.Benchmarks/release/CodeParrot.Benchmarks.dll $$name ;; \
		esac; \
	done

.PHONY: generate
generate: build ## Write crds/ anew from the C# types, and the chart's copy
	@bin/codeparrot generate-crd --output $(CRD)
	@cp $(CRD) charts/codeparrot/files/
	@echo "$(CRD) is written, and its copy in the chart"

.PHONY: image
image: ## Build container images with docker, podman or buildah (IMAGES="operator trainer-cpu trainer")
	@operator/CodeParrot.Operator/Images/build.sh $(IMAGES)

.PHONY: chart
chart: ## Check the Helm chart, and pack it below artifacts/chart
	@charts/package.sh

.PHONY: install
install: ## Install codeparrot, trainer and the plugin of kubectl below PREFIX
	@echo "installing below $(PREFIX) …"
	@dotnet publish trainer/CodeParrot.Trainer $(DOTNET_FLAGS) -o "$(DESTDIR)$(PREFIX)/lib/codeparrot"
	@dotnet publish operator/CodeParrot.Cli $(DOTNET_FLAGS) -o "$(DESTDIR)$(PREFIX)/lib/codeparrot"
	@# Packages bring native libraries for every platform they know; half of the size would be other systems' parts.
	@find "$(DESTDIR)$(PREFIX)/lib/codeparrot/runtimes" -mindepth 1 -maxdepth 1 ! -name linux-x64 ! -name unix -exec rm -rf {} +
	@mkdir -p "$(DESTDIR)$(PREFIX)/bin"
	@ln -sfn ../lib/codeparrot/codeparrot "$(DESTDIR)$(PREFIX)/bin/codeparrot"
	@ln -sfn ../lib/codeparrot/trainer "$(DESTDIR)$(PREFIX)/bin/trainer"
	@ln -sfn ../lib/codeparrot/kubectl-codeparrot "$(DESTDIR)$(PREFIX)/bin/kubectl-codeparrot"
	@ln -sfn ../lib/codeparrot/kubectl_complete-codeparrot "$(DESTDIR)$(PREFIX)/bin/kubectl_complete-codeparrot"
	@echo "installed codeparrot, trainer and kubectl's plugin below $(DESTDIR)$(PREFIX)/bin"

.PHONY: format
format: ## Lay out the sources
	@dotnet tool restore >/dev/null
	@dotnet csharpier format .

.PHONY: clean
clean: ## Remove what was built; runs and caches stay
	@rm -rf artifacts bin
	@find . -name obj -type d -prune -exec rm -rf {} +

.PHONY: run-packages test-packages
run-packages:
	@$(call install-packages,$(RUN_PACKAGES))
test-packages:
	@$(call install-packages,$(TEST_PACKAGES))

# Asks the package manager only for what is missing.
define install-packages
missing=(); for package in $(1); do \
	dpkg-query -W -f='$${db:Status-Status}' "$$package" 2>/dev/null | grep -q '^installed' || missing+=("$$package"); done; \
if [ -n "$${missing[*]:-}" ]; then \
	echo "installing $${missing[*]} …"; \
	$(SUDO) apt-get update -qq; \
	DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -qq -y --no-install-recommends "$${missing[@]}" >/dev/null; \
fi
endef
