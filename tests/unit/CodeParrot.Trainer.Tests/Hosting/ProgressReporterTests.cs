using CodeParrot.Contract.Runtime;
using CodeParrot.Trainer.Hosting;

namespace CodeParrot.Trainer.Tests.Hosting;

public sealed class ProgressReporterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("codeparrot-progress-").FullName;
    private readonly SettableTime _time = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Writes_at_most_twice_a_second_unless_a_state_changed()
    {
        var files = new RankFiles(_folder, 0);
        var reporter = new ProgressReporter(files, 0, _time);

        reporter.Show(new RunProgress { Step = 1 });
        reporter.Show(new RunProgress { Step = 2 });
        var soon = files.ReadProgress()!.Step;
        reporter.Show(new RunProgress { Step = 3 }, now: true);
        var changed = files.ReadProgress()!.Step;
        _time.Now += TimeSpan.FromSeconds(1);
        reporter.Show(new RunProgress { Step = 4 });

        Assert.Equal((1, 3, 4), (soon, changed, files.ReadProgress()!.Step));
    }

    [Fact]
    public void What_an_earlier_life_left_is_forgotten()
    {
        var files = new RankFiles(_folder, 0);
        files.Write(new RunProgress { Step = 9 });

        files.Clear();

        Assert.Null(files.ReadProgress());
        Assert.Null(files.ReadTermination());
    }

    private sealed class SettableTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
