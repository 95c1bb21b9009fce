using System.Globalization;

namespace CodeParrot.Trainer.Stages;

/// <summary>Times as people say them, in the two units that matter.</summary>
internal static class SpokenTime
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("d", TimeSpan.FromDays(1)),
        ("h", TimeSpan.FromHours(1)),
        ("min", TimeSpan.FromMinutes(1)),
        ("s", TimeSpan.FromSeconds(1)),
    ];

    /// <summary><c>2 d 3 h</c>, <c>7 min 30 s</c>, <c>12 s</c>; below ten seconds with a decimal.</summary>
    /// <param name="time">At least 0.</param>
    public static string Of(TimeSpan time)
    {
        if (time < TimeSpan.FromSeconds(10))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s");
        }

        var largest = Array.FindIndex(Units, unit => time >= unit.Length);
        // Rounded to the smaller of the two units, or 59.9 s would be 60 s of a minute that did not pass.
        var smallest = Units[Math.Min(largest + 1, Units.Length - 1)].Length;
        time = TimeSpan.FromTicks((time.Ticks + (smallest.Ticks / 2)) / smallest.Ticks * smallest.Ticks);
        var words = new List<string>();
        foreach (var (unit, length) in Units)
        {
            var count = time.Ticks / length.Ticks;
            time -= count * length;
            if (count > 0)
            {
                words.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {unit}"));
            }
        }

        return string.Join(' ', words);
    }
}
