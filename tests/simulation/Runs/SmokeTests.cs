namespace CodeParrot.Simulation.Tests.Runs;

public sealed class SmokeTests
{
    [Fact]
    public void A_seed_replays_bit_for_bit() =>
        Assert.All(
            Enumerable.Range(1, 5),
            seed =>
                Assert.Equal(
                    Simulation.Play(seed, OperatorVariant.Real).Hash,
                    Simulation.Play(seed, OperatorVariant.Real).Hash
                )
        );
}
