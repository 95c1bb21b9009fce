using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Tests.Stages;

public sealed class CorpusWorkersTests
{
    private static readonly TerminationMessage Built = new()
    {
        Outputs = new Dictionary<string, string> { ["corpus"] = "corpora/abc" },
    };

    [Fact]
    public void Each_worker_is_a_pod_that_knows_its_place()
    {
        var world = new World("corpus.workers=3").Settle();

        var pods = Enumerable.Range(0, 3).Select(i => PodBuilder.Build(world.Run, i)).ToList();

        Assert.Equal(["small-corpus-a1-0", "small-corpus-a1-1", "small-corpus-a1-2"], world.Living.Select(p => p.Name));
        Assert.Equal([0, 1, 2], pods.Select(p => p.PodIndex));
        // They meet in the store: there is no key, and no rendezvous.
        Assert.All(pods, p => Assert.Equal((3, 1, ""), (p.WorldSize, p.RanksPerPod, p.RendezvousKey)));
        Assert.Equal(new WorkersStatus(3, 3, 0), world.Status.Workers);
    }

    [Fact]
    public void The_stage_is_done_when_all_workers_are_with_what_the_first_says()
    {
        var world = new World("corpus.workers=2").Settle();

        world.End("corpus-a1-1", 0).Settle();
        var meanwhile = world.Status.Stage;
        world.End("corpus-a1-0", 0, Built).Settle();

        Assert.Equal(("corpus", "tokenizer"), (meanwhile, world.Status.Stage));
        Assert.Equal("corpora/abc", world.Status.Stages["corpus"].Outputs["corpus"]);
        Assert.Equal(["small-tokenizer-a1-0"], world.Living.Select(p => p.Name));
    }

    [Theory]
    [InlineData("corpus-a1-0")]
    [InlineData("corpus-a1-1")]
    public void A_worker_that_fails_takes_the_others_along_into_the_next_attempt(string lost)
    {
        var world = new World("corpus.workers=2").Settle();

        world.End(lost, 137).Settle();
        world.End("corpus-a1", 75).Settle().Advance(60).Settle();

        Assert.Equal(["small-corpus-a2-0", "small-corpus-a2-1"], world.Living.Select(p => p.Name));
        Assert.Equal((2, 1), (world.Status.Attempt, world.Status.Restarts));
    }

    [Fact]
    public void A_mistake_that_one_worker_finds_fails_the_run()
    {
        var world = new World("corpus.workers=2").Settle();

        world.End("corpus-a1-1", (int)ExitCode.UserMistake).Settle();

        Assert.Equal(RunPhase.Failed, world.Status.Phase);
    }

    [Fact]
    public void Another_number_of_workers_acts_at_the_next_attempt()
    {
        var world = new World("corpus.workers=2").Settle();

        world.Edit(s => s with { Corpus = s.Corpus with { Workers = 3 } }).Settle();
        var before = world.Living.Count();
        world.End("corpus-a1", 137).Settle().Advance(60).Settle();

        Assert.Equal((2, 3), (before, world.Living.Count()));
    }
}
