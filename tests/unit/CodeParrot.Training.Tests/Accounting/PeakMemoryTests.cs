using System.Diagnostics;
using CodeParrot.Training.Accounting;

namespace CodeParrot.Training.Tests.Accounting;

public class PeakMemoryTests
{
    [Fact]
    public void It_is_the_largest_resident_set_and_asking_allocates_nothing()
    {
        var time = new SteppedTime();
        var memory = new PeakMemory(cudaDevice: null, time);
        memory.Refresh();
        using var before = Process.GetCurrentProcess();
        var peakBefore = before.PeakWorkingSet64;
        var allocated = GC.GetAllocatedBytesForCurrentThread();

        for (var second = 0; second < 10; second++)
        {
            time.Advance(2);
            memory.Refresh();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocated);
        using var after = Process.GetCurrentProcess();
        Assert.InRange(memory.HostBytes!.Value, peakBefore, after.PeakWorkingSet64);
    }
}
