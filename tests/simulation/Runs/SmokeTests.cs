using System.Runtime.CompilerServices;
using CodeParrot.Simulation.Tests.Scheduling;

namespace CodeParrot.Simulation.Tests.Runs;

public sealed class SmokeTests
{
    private const int Seeds = 240;

    [Fact]
    public void Every_history_keeps_the_invariants_and_ends() =>
        Assert.Null(SeedSearch.FirstFailure(OperatorVariant.Real, Enumerable.Range(1, Seeds))?.Describe());

    [Fact]
    public void Seeds_that_once_failed_pass()
    {
        var seeds = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "seeds.txt"))
            .Select(line => line.Split('#')[0].Trim())
            .Where(line => line.Length > 0)
            .Select(int.Parse);

        Assert.Null(SeedSearch.FirstFailure(OperatorVariant.Real, seeds)?.Describe());
    }

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

    [Fact]
    public void A_history_that_is_over_is_not_kept_in_memory()
    {
        var past = Past(1);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.False(past.TryGetTarget(out _), "something outlives its seed, and so does all that it refers to");
    }

    // A method of its own, so that no local of the test keeps the trace.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<Trace> Past(int seed)
    {
        var trace = new Trace();
        Simulation.Play(seed, OperatorVariant.Real, trace);
        return new WeakReference<Trace>(trace);
    }
}
