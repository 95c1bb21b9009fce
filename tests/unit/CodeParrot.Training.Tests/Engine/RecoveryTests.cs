using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CodeParrot.Checkpoints;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Training.Engine;
using CodeParrot.Training.Tests.Runs;

namespace CodeParrot.Training.Tests.Engine;

public class RecoveryTests
{
    [Fact]
    public void A_damaged_checkpoint_is_named_and_the_one_before_is_used()
    {
        using var run = new TestRun();
        run.Spec = run.Spec with { Checkpoints = new CheckpointsSpec { EverySteps = 2 } };
        run.Train(stopAfter: 4);
        var damaged = Path.Combine(
            run.StoreFolder,
            TestRun.RunPrefix,
            "branches/b1/step-000000004-a1/optimizer.safetensors"
        );
        using (var file = File.OpenWrite(damaged))
        {
            file.Position = file.Length / 2;
            file.WriteByte(0xAA);
        }

        var result = run.Train(attempt: 2);

        Assert.Equal(TrainingOutcome.Finished, result.Outcome);
        Assert.Contains(run.Observer.Warnings, w => w.Contains("step-000000004-a1/optimizer.safetensors"));
        Assert.Equal(3, run.Observer.Steps[0].Step);
        Assert.Equal(6, run.Metrics().Count);
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("state.json")]
    public void A_checkpoint_of_a_newer_version_ends_the_attempt_instead_of_losing_its_steps(string file)
    {
        using var run = new TestRun();
        run.Spec = run.Spec with { Checkpoints = new CheckpointsSpec { EverySteps = 2 } };
        run.Train(stopAfter: 4);
        var folder = Path.Combine(run.StoreFolder, TestRun.RunPrefix, "branches/b1/step-000000004-a1");
        SetFormatVersion(folder, file, 2);

        var e = Assert.Throws<CheckpointFormatException>(() => run.Train(attempt: 2));

        Assert.EndsWith($"step-000000004-a1/{file}", e.Key, StringComparison.Ordinal);
        Assert.Equal(2, e.Version);
        Assert.Empty(run.Observer.Steps);
    }

    [Fact]
    public void Leftovers_of_a_killed_attempt_are_gone_after_the_next_start()
    {
        using var run = new TestRun();
        var leftover = Path.Combine(run.StoreFolder, TestRun.RunPrefix, "branches/b1/step-000000003-a1");
        Directory.CreateDirectory(leftover);
        File.WriteAllText(Path.Combine(leftover, "model.safetensors"), "half a file");

        run.Train(attempt: 2);

        Assert.False(File.Exists(Path.Combine(leftover, "model.safetensors")));
    }

    [Fact]
    public void A_rollback_goes_on_from_its_target_and_leaves_data_out()
    {
        using var run = new TestRun();
        run.Spec = run.Spec with { Checkpoints = new CheckpointsSpec { EverySteps = 2 } };
        run.Train();
        var before = run.Metrics();

        var result = run.Train(
            attempt: 2,
            change: context => context with { Branch = "b2", StartFrom = "b1/step-000000002-a1", SkipSteps = 1 }
        );

        Assert.Equal("b2/step-000000006-a2", result.Checkpoint);
        var manifest = Manifest(run, "b2/step-000000004-a2");
        Assert.Equal((4, 5), ((int)manifest.Step, (int)manifest.DataStep));
        Assert.Equal("b1/step-000000002-a1", manifest.Parent);
        Assert.Equal("b2/step-000000004-a2", Manifest(run, "b2/step-000000006-a2").Parent);
        // The lines of the line that leads to the branch stay, those after the fork are its own; nothing is deleted.
        Assert.Equal(before.Take(2), run.Metrics().Take(2));
        Assert.Equal(6, run.Metrics().Count);
        Assert.NotNull(Manifest(run, "b1/step-000000006-a1"));
    }

    [Fact]
    public void Data_is_left_out_once_also_when_the_branch_is_resumed()
    {
        using var run = new TestRun();
        run.Spec = run.Spec with { Checkpoints = new CheckpointsSpec { EverySteps = 2 } };
        run.Train();
        TrainingContext Rollback(TrainingContext context) =>
            context with
            {
                Branch = "b2",
                StartFrom = "b1/step-000000002-a1",
                SkipSteps = 1,
            };

        run.Train(attempt: 2, stopAfter: 3, change: Rollback);
        run.Train(attempt: 3, change: Rollback);

        var manifest = Manifest(run, "b2/step-000000006-a3");
        Assert.Equal((6, 7), ((int)manifest.Step, (int)manifest.DataStep));
    }

    [Fact]
    public void Another_identity_is_refused_with_the_field_that_differs()
    {
        using var run = new TestRun();
        run.Train(stopAfter: 2);
        run.Spec = run.Spec with { Training = run.Spec.Training with { BatchSize = 3 } };

        var e = Assert.Throws<ManifestException>(() => run.Train(attempt: 2));

        Assert.Contains("spec.training.batchSize: is 3", e.Message);
        Assert.Contains("was trained with 2", e.Message);
        Assert.DoesNotContain("spec.training.seed", e.Message);
        Assert.Equal(ExitCode.UserMistake, ExitCodes.Of(e));
    }

    [Fact]
    public void A_change_of_the_recipe_is_taken_up()
    {
        using var run = new TestRun();
        run.Train(stopAfter: 2);
        run.Spec = run.Spec with { Training = run.Spec.Training with { LearningRate = 5e-3 } };

        var result = run.Train(attempt: 2);

        Assert.Equal(TrainingOutcome.Finished, result.Outcome);
        Assert.Empty(run.Observer.Warnings);
    }

    [Fact]
    public void Another_world_size_is_allowed_and_said_not_to_be_bit_identical()
    {
        using var run = new TestRun();
        run.Train(stopAfter: 2);

        run.Train(attempt: 2, worldSize: 2);

        Assert.Contains("ranks 1 before, 2 now", Assert.Single(run.Observer.Warnings));
        Assert.Equal(6, run.Metrics().Count);
    }

    [Fact]
    public void Another_run_in_the_same_place_is_refused()
    {
        using var run = new TestRun();
        run.Train(stopAfter: 1);

        var e = Assert.Throws<StoreInUseException>(() =>
            run.Train(change: context => context with { RunUid = "uid-2" })
        );

        Assert.Equal(ExitCode.UserMistake, ExitCodes.Of(e));
    }

    private static void SetFormatVersion(string folder, string file, int version)
    {
        var path = Path.Combine(folder, file);
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        json["formatVersion"] = version;
        File.WriteAllText(path, json.ToJsonString());
        var manifestPath = Path.Combine(folder, "manifest.json");
        var manifest = JsonNode.Parse(File.ReadAllText(manifestPath))!;
        if (manifest["objects"]!.AsArray().FirstOrDefault(o => (string?)o!["name"] == file) is { } named)
        {
            var bytes = File.ReadAllBytes(path);
            named["sizeBytes"] = bytes.Length;
            named["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes));
            File.WriteAllText(manifestPath, manifest.ToJsonString());
        }
    }

    private static Contract.Store.CheckpointManifest Manifest(TestRun run, string reference) =>
        System.Text.Json.JsonSerializer.Deserialize<Contract.Store.CheckpointManifest>(
            run.Bytes($"{TestRun.RunPrefix}/branches/{reference}/manifest.json"),
            ContractJson.Indented
        )!;
}
