# The images of CodeParrot: operator, trainer (NVIDIA GPUs) and trainer-cpu; and, with a Python for HumanEval's programs,
# trainer-python and trainer-cpu-python, for the evaluate stage of runs that ask for it. `make image` builds them with docker, podman
# or buildah; docs/operating.md says how to where no registry can be reached.

# Publishes, and stays behind.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
# These hold libstdc++, OpenSSL and certificates. They need no .NET, which the programs bring along, and no shell.
ARG OPERATOR_BASE=mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled
ARG TRAINER_CPU_BASE=mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled
# This one holds NCCL too.
ARG TRAINER_BASE=docker.io/nvidia/cuda:12.8.1-runtime-ubuntu24.04
# sdk publishes here; host takes what was published to artifacts/publish before.
ARG BUILD=sdk

FROM ${SDK_IMAGE} AS sources
# A font for the labels of the report's curves, by the base's package manager; empty for none.
ARG FONTS=fonts-dejavu-core
RUN [ -z "$FONTS" ] || { apt-get update -qq && apt-get install -qq -y --no-install-recommends "$FONTS"; }
WORKDIR /source
COPY . .

FROM sources AS sdk-operator
RUN operator/CodeParrot.Operator/Images/publish.sh operator /publish
FROM sources AS sdk-trainer
RUN operator/CodeParrot.Operator/Images/publish.sh trainer /publish
FROM sources AS sdk-trainer-cpu
RUN operator/CodeParrot.Operator/Images/publish.sh trainer-cpu /publish

FROM ${SDK_IMAGE} AS sdk-python
RUN apt-get update -qq && apt-get install -qq -y --no-install-recommends python3
COPY operator/CodeParrot.Operator/Images/python.sh /
RUN /python.sh /python

FROM scratch AS host-python
COPY artifacts/publish/python /python
FROM scratch AS host-operator
COPY artifacts/publish/operator /publish
FROM scratch AS host-trainer
COPY artifacts/publish/trainer /publish
FROM scratch AS host-trainer-cpu
COPY artifacts/publish/trainer-cpu /publish

FROM ${BUILD}-operator AS published-operator
FROM ${BUILD}-trainer AS published-trainer
FROM ${BUILD}-trainer-cpu AS published-trainer-cpu
FROM ${BUILD}-python AS published-python

FROM ${OPERATOR_BASE} AS operator
ARG VERSION=0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="CodeParrot operator" \
  org.opencontainers.image.description="Takes TrainingRuns of a Kubernetes cluster from source files to a model" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}"
COPY --from=published-operator /publish/libraries /app/
COPY --from=published-operator /publish/program /app/
# The root is read-only: nothing is written for a debugger.
ENV PATH="/app:${PATH}" DOTNET_EnableDiagnostics=0
USER 65532:65532
ENTRYPOINT ["/app/codeparrot-operator"]

FROM ${TRAINER_CPU_BASE} AS trainer-cpu
ARG VERSION=0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="CodeParrot trainer for CPUs" \
  org.opencontainers.image.description="The pods of a TrainingRun: corpus, tokenizer, training, evaluation" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}"
COPY --from=published-trainer-cpu /publish/fonts /usr/share/fonts/truetype/
COPY --from=published-trainer-cpu /publish/libraries /app/
COPY --from=published-trainer-cpu /publish/program /app/
ENV PATH="/app:${PATH}" DOTNET_EnableDiagnostics=0
USER 65532:65532
ENTRYPOINT ["/app/trainer"]

FROM ${TRAINER_BASE} AS trainer
ARG VERSION=0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="CodeParrot trainer for NVIDIA GPUs" \
  org.opencontainers.image.description="The pods of a TrainingRun: corpus, tokenizer, training, evaluation" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}"
COPY --from=published-trainer /publish/fonts /usr/share/fonts/truetype/
COPY --from=published-trainer /publish/libraries /app/
COPY --from=published-trainer /publish/program /app/
ENV PATH="/app:${PATH}" DOTNET_EnableDiagnostics=0 \
  NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
USER 65532:65532
ENTRYPOINT ["/app/trainer"]

FROM trainer-cpu AS trainer-cpu-python
LABEL org.opencontainers.image.title="CodeParrot trainer for CPUs, with Python" \
  org.opencontainers.image.description="The evaluate stage of a TrainingRun with HumanEval"
COPY --from=published-python /python /

FROM trainer AS trainer-python
LABEL org.opencontainers.image.title="CodeParrot trainer for NVIDIA GPUs, with Python" \
  org.opencontainers.image.description="The evaluate stage of a TrainingRun with HumanEval"
COPY --from=published-python /python /
