using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Contract.Tests.Manifest;

public sealed class ManifestReaderTests
{
    [Fact]
    public void Fills_what_is_left_out_with_the_small_models_recipe()
    {
        var manifest = Manifests.Read(Manifests.Good);

        Assert.Equal("default", manifest.Metadata.Namespace);
        Assert.Equal(12, manifest.Spec.Training.BatchSize);
        Assert.Equal(5e-4, manifest.Spec.Training.LearningRate);
        Assert.Equal(TimeSpan.FromMinutes(10), manifest.Spec.Workers.RendezvousTimeout);
        Assert.Equal("OnSuccess", manifest.Spec.Publish.Promote);
    }

    [Fact]
    public void Collects_every_mistake_with_its_path()
    {
        const string text = """
            apiVersion: codeparrot.dev/v1
            kind: TrainingRun
            metadata: { name: Small_Model }
            spec:
              corpus: { source: { uri: "", format: Parquet }, validationFraction: 0.7 }
              model: { heads: 5, width: 64 }
              training: { batchSize: 0, learningRate: fast, precision: Fp8, colour: red }
              workers: { count: 3, gpusPerPod: 2, rendezvousTimeout: soon }
              failurePolicy: { rules: [ { action: Fail } ] }
            """;

        var paths = Manifests.Mistakes(text).Select(m => m.Path).Order(StringComparer.Ordinal);

        Assert.Equal(
            [
                "apiVersion",
                "metadata.name",
                "spec.corpus.source.uri",
                "spec.corpus.validationFraction",
                "spec.failurePolicy.rules[0]",
                "spec.model.heads",
                "spec.training.batchSize",
                "spec.training.colour",
                "spec.training.learningRate",
                "spec.training.precision",
                "spec.workers.gpusPerPod",
                "spec.workers.rendezvousTimeout",
            ],
            paths
        );
    }

    [Theory]
    [InlineData("workers.count=0", "spec.workers.count: must be at least 1, was 0")]
    [InlineData(
        "model.preset=gpt5",
        "spec.model.preset: must be one of gpt2, gpt2-medium, gpt2-large, gpt2-xl, was 'gpt5'"
    )]
    [InlineData("training.maxSteps=many", "spec.training.maxSteps: must be a whole number, was 'many'")]
    [InlineData("suspend=yes", "spec.suspend: must be true or false, was 'yes'")]
    [InlineData(
        "training.data.shuffleBuffer=0",
        "spec.training.data.shuffleBuffer: must be between 1 and 1048576, was 0"
    )]
    [InlineData(
        "tokenizer.train.vocabularySize=256",
        "spec.tokenizer.train.vocabularySize: must be between 257 and 65536, was 256"
    )]
    [InlineData(
        "training.objective=MaskLm",
        "spec.training.objective: must be one of CausalLm, MaskedLm, SpanCorruption, was 'MaskLm'"
    )]
    [InlineData(
        "corpus.deduplicate.near={enabled: true, similarity: 0}",
        "spec.corpus.deduplicate.near.similarity: must be above 0 where near duplicates are dropped: all documents are "
            + "alike to that degree"
    )]
    [InlineData(
        "corpus.deduplicate.near={permutations: 0}",
        "spec.corpus.deduplicate.near.permutations: must be between 1 and 4096, was 0"
    )]
    [InlineData(
        "corpus.decontaminate=[\"\"]",
        "spec.corpus.decontaminate[0]: must name a benchmark: s3://bucket/key, file:///file or a path"
    )]
    [InlineData("corpus.workers=0", "spec.corpus.workers: must be at least 1, was 0")]
    [InlineData("store.uri=/data", "spec.store.uri: must be s3://bucket/prefix or file:///folder, was '/data'")]
    [InlineData("training.learningRate=NaN", "spec.training.learningRate: must be a number, was 'NaN'")]
    [InlineData("model.dropout=1", "spec.model.dropout: must be at least 0 and below 1, was 1")]
    public void Says_what_was_expected_and_what_was_found(string assignment, string message)
    {
        var mistake = Assert.Single(Manifests.Mistakes(Manifests.Good, assignment));

        Assert.Equal(message, mistake.ToString());
    }

    [Theory]
    [InlineData(
        "scheduling.gang=Native",
        "spec.failurePolicy.recovery: is not supported by this version; use Gang with spec.scheduling.gang Native, or "
            + "Peers with None"
    )]
    [InlineData(
        "workers.rendezvousTimeout=5m",
        "spec.failurePolicy.backoff.max: must be shorter than spec.workers.rendezvousTimeout with recovery Peers: the "
            + "others wait no longer"
    )]
    public void Says_what_a_replacement_of_lost_pods_cannot_do(string assignment, string message)
    {
        var mistake = Assert.Single(Manifests.Mistakes(Manifests.Good, "failurePolicy.recovery=Peers", assignment));

        Assert.Equal(message, mistake.ToString());
        Manifests.Read(Manifests.Good, "failurePolicy.recovery=Peers");
        Manifests.Read(Manifests.Good, assignment);
    }

    [Theory]
    [InlineData("workers.minCount=0", "must be at least 1, was 0")]
    [InlineData("workers.minCount=6", "must be at most spec.workers.count (4), was 6")]
    [InlineData(
        "workers.minCount=3",
        "must be a multiple of spec.workers.gpusPerPod (2), since a pod's ranks come and go together, was 3"
    )]
    [InlineData(
        "failurePolicy.recovery=Gang",
        "needs spec.failurePolicy.recovery Peers: with Gang, ranks cannot go on without one, nor take one in"
    )]
    public void Says_with_how_few_ranks_a_run_cannot_go_on(string assignment, string message)
    {
        string[] good =
        [
            "workers.count=4",
            "workers.gpusPerPod=2",
            "workers.minCount=2",
            "failurePolicy.recovery=Peers",
        ];

        var mistake = Assert.Single(Manifests.Mistakes(Manifests.Good, [.. good, assignment]));

        Assert.Equal($"spec.workers.minCount: {message}", mistake.ToString());
        Assert.Equal(2, Manifests.Read(Manifests.Good, good).Spec.Workers.MinCount);
    }

    [Fact]
    public void Refuses_to_look_into_ready_made_tokens()
    {
        var mistakes = Manifests.Mistakes(
            Manifests.Good,
            "corpus.source.format=Tokens",
            "corpus.deduplicate.near.enabled=true",
            "corpus.secrets=Redact",
            "corpus.decontaminate=[a.jsonl]"
        );

        Assert.Equal(
            ["spec.corpus.deduplicate.near.enabled", "spec.corpus.secrets", "spec.corpus.decontaminate"],
            mistakes.Select(m => m.Path).Where(path => path.StartsWith("spec.corpus", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void Names_the_line_of_a_mistake_in_the_file()
    {
        var mistake = Assert.Single(Manifests.Mistakes(Manifests.Good + "\n  workers: { cuont: 2 }\n"));

        Assert.Equal("spec.workers.cuont", mistake.Path);
        Assert.EndsWith("(line 6)", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Suggests_the_field_that_differs_in_case_only()
    {
        var mistake = Assert.Single(Manifests.Mistakes(Manifests.Good, "training.batchsize=1"));

        Assert.Equal("unknown field; did you mean batchSize?", mistake.Message);
    }

    [Fact]
    public void Passes_over_what_others_own()
    {
        var manifest = Manifests.Read(
            Manifests.Good.Replace("name: small", "name: small, uid: abc, resourceVersion: \"7\"")
                + "\nstatus: { phase: Running }\n"
        );

        Assert.Equal("small", manifest.Metadata.Name);
    }

    [Fact]
    public void Overrides_any_field_and_makes_the_way_to_it()
    {
        var manifest = Manifests.Read(
            Manifests.Good,
            "training.schedule.warmupSteps=7",
            "spec.workers.count=4",
            "metadata.name=other",
            "evaluation.prompts=[\"def f(\", \"class A\"]"
        );

        Assert.Equal(7, manifest.Spec.Training.Schedule.WarmupSteps);
        Assert.Equal(4, manifest.Spec.Workers.Count);
        Assert.Equal("other", manifest.Metadata.Name);
        Assert.Equal(["def f(", "class A"], manifest.Spec.Evaluation.Prompts);
    }

    [Theory]
    [InlineData("*.cs")]
    [InlineData("lib/**/*.py")]
    [InlineData("a: b # c")]
    public void Takes_an_overrides_text_as_it_is(string include)
    {
        Assert.Equal(include, Manifests.Read(Manifests.Good, "corpus.include=" + include).Spec.Corpus.Include);
    }

    [Theory]
    [InlineData("workers.count")]
    [InlineData("=4")]
    [InlineData("evaluation.prompts=[\"a")]
    public void Refuses_an_override_without_a_path_or_a_value(string assignment)
    {
        var mistake = Assert.Single(Manifests.Mistakes(Manifests.Good, assignment));

        Assert.StartsWith("--set", mistake.Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: [1, 2", "is not valid YAML")]
    [InlineData("- a", "must be a mapping")]
    [InlineData("a: 1\n---\nb: 2", "must hold one YAML document, holds 2")]
    [InlineData("", "must hold one YAML document, holds 0")]
    public void Says_why_a_text_is_no_manifest(string text, string message)
    {
        var mistake = Assert.Single(Manifests.Mistakes(text));

        Assert.Contains(message, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_a_file_that_is_not_there()
    {
        var e = Assert.Throws<ManifestException>(() => ManifestReader.ReadFile("no/such/run.yaml"));

        Assert.Contains("no/such/run.yaml", e.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be read", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_json_as_well()
    {
        const string text = """
            {"apiVersion": "codeparrot.dev/v1alpha1", "kind": "TrainingRun", "metadata": {"name": "j"},
             "spec": {"corpus": {"source": {"uri": "/data", "format": "Files"}}, "suspend": true}}
            """;

        var manifest = Manifests.Read(text);

        Assert.Equal(SourceFormat.Files, manifest.Spec.Corpus.Source.Format);
        Assert.True(manifest.Spec.Suspend);
    }

    [Fact]
    public void Reports_a_key_that_stands_twice()
    {
        var mistake = Assert.Single(
            Manifests.Mistakes(Manifests.Good + "\n  workers: { count: 1 }\n  workers: { count: 2 }\n")
        );

        Assert.Contains("not valid YAML", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reports_an_empty_item_of_a_list_instead_of_failing()
    {
        var mistakes = Manifests.Mistakes(Manifests.Good, "failurePolicy.rules=[~]");

        Assert.Equal("spec.failurePolicy.rules[0]", Assert.Single(mistakes).Path);
    }

    [Fact]
    public void Gives_fields_as_they_are_written_with_overrides_of_the_right_kind()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, Manifests.Good);

        var fields = ManifestReader.ReadFields(file, ["training.maxSteps=7", "training.learningRate=1e-3"]);

        File.Delete(file);
        Assert.Equal("TrainingRun", (string?)fields["kind"]);
        var training = fields["spec"]!["training"]!;
        Assert.Equal("7", training["maxSteps"]!.ToJsonString());
        Assert.Equal(1e-3, (double)training["learningRate"]!);
        Assert.Null(fields["spec"]!["publish"]);
    }
}
