using CodeParrot.Contract.Runtime;
using CodeParrot.Trainer.Launch;

namespace CodeParrot.Trainer.Tests.Launch;

public class PodVerdictTests
{
    [Fact]
    public void A_pod_is_done_only_if_all_ranks_are()
    {
        var verdict = PodVerdict.Of([Exit(1, ExitCode.Done), Exit(0, ExitCode.Done)]);

        Assert.Equal(ExitCode.Done, verdict.Code);
        Assert.Equal("rank 0", verdict.Message.Message);
    }

    [Fact]
    public void The_first_failure_that_is_not_a_lost_peer_is_the_culprit()
    {
        var verdict = PodVerdict.Of([
            Exit(0, ExitCode.PeerLost),
            Exit(2, ExitCode.Diverged),
            Exit(1, ExitCode.CorruptData),
        ]);

        Assert.Equal(ExitCode.Diverged, verdict.Code);
        Assert.Equal(2, verdict.Message.Rank);
        Assert.Equal("Diverged", verdict.Message.Class);
    }

    [Fact]
    public void A_lost_peer_outweighs_a_stop()
    {
        var verdict = PodVerdict.Of([Exit(0, ExitCode.Stopped), Exit(1, ExitCode.PeerLost)]);

        Assert.Equal(ExitCode.PeerLost, verdict.Code);
    }

    [Fact]
    public void A_rank_ended_by_a_signal_without_a_word_is_named_with_it()
    {
        var verdict = PodVerdict.Of([new RankExit(3, 137, null), Exit(0, ExitCode.PeerLost)]);

        Assert.Equal(137, verdict.Message.ExitCode);
        Assert.Equal("Signal9", verdict.Message.Class);
        Assert.Equal("rank 3 was ended by signal 9", verdict.Message.Message);
    }

    [Fact]
    public void What_a_rank_tells_apart_from_its_code_is_kept()
    {
        var said = new TerminationMessage { Class = TerminationMessage.StoreInUse };

        var verdict = PodVerdict.Of([new RankExit(0, (int)ExitCode.UserMistake, said)]);

        Assert.Equal((ExitCode.UserMistake, "StoreInUse"), (verdict.Code, verdict.Message.Class));
    }

    [Fact]
    public void Whichever_rank_speaks_what_rank_0_knows_of_checkpoints_is_told()
    {
        var checkpoint = new CheckpointSummary("c1", "b1", 4, 1, null, 1, "d", DateTimeOffset.UnixEpoch);
        var first = new TerminationMessage
        {
            Checkpoints = [checkpoint],
            ServedRequest = new ServedRequest("now", "b1/c1"),
        };

        var verdict = PodVerdict.Of([Exit(1, ExitCode.Stopped), new RankExit(0, (int)ExitCode.Stopped, first)]);

        Assert.Equal(1, verdict.Message.Rank);
        Assert.Equal([checkpoint], verdict.Message.Checkpoints);
        Assert.Equal(first.ServedRequest, verdict.Message.ServedRequest);
    }

    private static RankExit Exit(int rank, ExitCode code) =>
        new(rank, (int)code, new TerminationMessage { Rank = rank, Message = $"rank {rank}" });
}
