using CodeParrot.Operator.Core.Cluster;

namespace CodeParrot.Operator.Core.Tests.Cluster;

public sealed class AttendanceTests
{
    private readonly SettableTime _time = new();

    [Fact]
    public void Looks_since_the_first_look_while_there_is_no_gap()
    {
        var attendance = new Attendance(_time);
        var since = attendance.Look();

        for (var i = 0; i < 100; i++)
        {
            _time.Now += Attendance.Beat;

            Assert.Equal(since, attendance.Look());
        }
    }

    [Fact]
    public void Begins_anew_when_it_wakes_from_a_pause()
    {
        var attendance = new Attendance(_time);
        attendance.Look();
        _time.Now += TimeSpan.FromSeconds(39);

        var woken = attendance.Look();
        _time.Now += Attendance.Beat;

        Assert.Equal(_time.Now - Attendance.Beat, woken);
        Assert.Equal(woken, attendance.Look());
    }

    private sealed class SettableTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
