using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Cli.State;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Cli.Tests.State;

public sealed class RunPreparationTests
{
    private const string Text = """
        apiVersion: codeparrot.dev/v1alpha1
        kind: TrainingRun
        metadata: { name: small }
        spec: { corpus: { source: { uri: data } } }
        """;

    [Fact]
    public void A_changed_identity_is_refused_with_every_field_and_the_remedy()
    {
        var run = Begun();

        var e = Assert.Throws<UserMistakeException>(() => Apply(run, "training.seed=2", "workers.count=3"));

        Assert.Contains("spec.training.seed: was 1, is 2", e.Message, StringComparison.Ordinal);
        Assert.Contains("spec.workers.count: was 1, is 3", e.Message, StringComparison.Ordinal);
        Assert.Contains("another --state", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_has_not_begun_may_change_in_everything()
    {
        var run = Apply(null);

        Assert.Equal(2, Apply(run, "training.seed=2").Spec.Training.Seed);
    }

    [Fact]
    public void The_same_command_takes_suspend_back_and_keeps_a_rollback()
    {
        var run = Begun();
        run = run with
        {
            Spec = run.Spec with
            {
                Suspend = true,
                Rollback = new RollbackSpec { ToStep = 5 },
            },
        };

        var again = Apply(run);

        Assert.False(again.Spec.Suspend);
        Assert.Equal(5, again.Spec.Rollback!.ToStep);
        Assert.Equal("uid-1", again.Metadata.Uid);
    }

    [Theory]
    [InlineData("OnSuccess", "b1/step-000000005-a1")]
    [InlineData("Never", "Never")]
    [InlineData("b1/step-000000007-a1", "b1/step-000000007-a1")]
    public void The_same_command_keeps_a_promotion_that_the_manifest_says_nothing_against(string manifest, string kept)
    {
        const string promoted = "b1/step-000000005-a1";
        var run = Begun();
        run = run with
        {
            Spec = run.Spec with { Publish = new PublishSpec { Promote = promoted } },
            Status = run.Status with
            {
                Promotion = new PromotionStatus { Value = promoted, Result = "Promoted" },
            },
        };

        Assert.Equal(kept, Apply(run, $"publish.promote={manifest}").Spec.Publish.Promote);
    }

    [Fact]
    public void The_same_command_tries_a_failed_run_again()
    {
        var run = Begun();
        run = run with
        {
            Status = run.Status with
            {
                Phase = RunPhase.Failed,
                Budget = new BudgetStatus { Counted = 4 },
            },
        };

        var again = Apply(run);

        Assert.Equal(
            (RunPhase.Restarting, 0, 1),
            (again.Status.Phase, again.Status.Budget.Counted, again.Status.Attempt)
        );
    }

    [Fact]
    public void Paths_mean_the_folder_that_the_command_was_typed_in()
    {
        var manifest = ManifestPaths.Root(ManifestReader.Read(Text, "f", ["model.from=s3://bucket/x"]), "/here");

        Assert.Equal("/here/data", manifest.Spec.Corpus.Source.Uri);
        Assert.Equal("s3://bucket/x", manifest.Spec.Model.From);
    }

    private static TrainingRun Begun()
    {
        var run = Apply(null);
        return run with { Status = run.Status with { Attempt = 1 } };
    }

    private static TrainingRun Apply(TrainingRun? existing, params string[] overrides) =>
        RunPreparation.Apply(
            existing,
            ManifestReader.Read(Text, "run.yaml", overrides),
            existing is null ? "uid-1" : "uid-2",
            DateTimeOffset.UnixEpoch
        );
}
