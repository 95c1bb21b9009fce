namespace CodeParrot.Integration.Tests.Cluster;

/// <summary>Waits for what a controller does in its own time; the limit is for machines that are busy.</summary>
public static class Patience
{
    private const int MaxTries = 1200;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks again and again, for two minutes at least.</summary>
    /// <param name="condition">True where the wait is over.</param>
    /// <param name="complaint">What the failed test says.</param>
    public static Task UntilAsync(Func<Task<bool>> condition, string complaint) =>
        UntilAsync(condition, () => complaint);

    /// <inheritdoc cref="UntilAsync(Func{Task{bool}}, string)"/>
    public static async Task UntilAsync(Func<Task<bool>> condition, Func<string> complaint)
    {
        for (var i = 0; !await condition(); i++)
        {
            Assert.True(i < MaxTries, i < MaxTries ? null : complaint());
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
