using System.Text.Json.Nodes;

namespace CodeParrot.Integration.Tests.Runs;

/// <summary>Runs whose old checkpoints are deleted.</summary>
public sealed class RetentionTests : IDisposable
{
    private readonly RunFolder _run = new(
        RunFolder.TinyManifest.Replace(
            "checkpoints: { everySteps: 4 }",
            "checkpoints: { everySteps: 2, keep: { last: 2, best: 0 } }"
        )
    );

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task The_status_names_what_is_there_and_only_that_can_be_gone_back_to()
    {
        var ended = await _run.RunAsync();
        Assert.True(ended.ExitCode == 0, ended.ToString());
        var named = Named();

        var refused = await _run.CommandAsync("rollback", "--to-step", "4");
        // As kubectl would have it: the driver decides.
        _run.Edit(spec => spec["rollback"] = new JsonObject { ["toStep"] = 4 });
        var driven = await _run.CommandAsync("resume");
        var condition = RolledBack();
        var back = await _run.CommandAsync("rollback", "--to-step", "10");
        var again = await _run.CommandAsync("resume");

        Assert.Equal(["b1/step-000000012-a1", "b1/step-000000010-a1"], named);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("those of steps 10, 12", refused.ToString(), StringComparison.Ordinal);
        Assert.True(driven.ExitCode == 0, driven.ToString());
        Assert.Equal(("False", "CheckpointMissing"), ((string?)condition["status"], (string?)condition["reason"]));
        Assert.Contains("of steps 10, 12", (string?)condition["message"], StringComparison.Ordinal);
        Assert.True(back.ExitCode == 0, back.ToString());
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Equal(_run.Checkpoints().Order(), Named().Order());
        Assert.Contains("b2/step-000000012-a2", Named());
    }

    [Fact]
    public async Task A_target_that_is_gone_when_the_attempt_begins_is_not_the_end_of_the_run()
    {
        var ended = await _run.RunAsync();
        Assert.True(ended.ExitCode == 0, ended.ToString());
        File.Delete(Path.Combine(_run.RunPrefix, "branches", "b1", "step-000000010-a1", "manifest.json"));
        _run.Edit(spec => spec["rollback"] = new JsonObject { ["toStep"] = 10 });

        var again = await _run.CommandAsync("resume");

        Assert.True(again.ExitCode == 0, again.ToString());
        var status = _run.Resource()!["status"]!;
        Assert.Equal(
            ("Succeeded", "b1", 3),
            ((string?)status["phase"], (string?)status["branch"], (int)status["attempt"]!)
        );
        Assert.Equal("False", (string?)RolledBack()["status"]);
        Assert.Contains("b1/step-000000010-a1 was deleted", (string?)RolledBack()["message"], StringComparison.Ordinal);
        Assert.Equal(["b1/step-000000012-a1"], Named());
    }

    private JsonNode RolledBack() =>
        _run.Resource()!["status"]!["conditions"]!.AsArray().First(c => (string?)c!["type"] == "RolledBack")!;

    private List<string> Named() =>
        [.. _run.Resource()!["status"]!["checkpoints"]!.AsArray().Select(c => $"{c!["branch"]}/{c["name"]}")];
}
