using CodeParrot.Checkpoints;
using CodeParrot.Contract.Runtime;
using CodeParrot.Distributed;
using CodeParrot.Trainer.Hosting;

namespace CodeParrot.Trainer.Tests.Hosting;

public class StageFailureTests
{
    [Theory]
    [InlineData(RefusalReason.OlderAttempt, ExitCode.PeerLost)]
    [InlineData(RefusalReason.OlderGeneration, ExitCode.PeerLost)]
    [InlineData(RefusalReason.WrongKey, ExitCode.UserMistake)]
    public void A_straggler_ends_as_one_whose_peers_are_gone(RefusalReason reason, ExitCode code)
    {
        var failure = StageFailure.Of(new RendezvousRefusedException(reason, "one", "another"));

        Assert.Equal((code, true), (failure.Code, failure.IsExpected));
    }

    [Fact]
    public void A_checkpoint_that_is_not_there_is_told_by_its_name()
    {
        var failure = StageFailure.Of(new CheckpointNotFoundException("b1/step-000000010-a1", "runs/default/small"));

        Assert.Equal(
            (ExitCode.UserMistake, TerminationMessage.CheckpointMissing, "b1/step-000000010-a1"),
            (failure.Code, failure.Class, failure.Checkpoint)
        );
    }

    [Fact]
    public void A_rank_that_nobody_replaced_ends_the_others_with_peer_lost_by_name()
    {
        var failure = StageFailure.Of(new RendezvousTimeoutException([3], "waited 600 s"));

        Assert.Equal(ExitCode.PeerLost, failure.Code);
        Assert.Contains("missing ranks [3]", failure.Message, StringComparison.Ordinal);
    }
}
