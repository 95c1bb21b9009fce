using System.Runtime.CompilerServices;
using System.Text;

namespace CodeParrot.Cli.Pods;

/// <summary>Lines of a file that somebody else goes on writing.</summary>
/// <param name="path">The file; it need not be there yet.</param>
/// <param name="isOver">True once nothing more is written.</param>
/// <param name="time">Clock.</param>
internal sealed class FollowedFile(string path, Func<bool> isOver, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(300);

    /// <summary>Lines until nothing more is written; the last one may lack its end.</summary>
    public async IAsyncEnumerable<string> LinesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rest = "";
        long position = 0;
        while (true)
        {
            // Asked before the reading: what was written until then is read.
            var over = isOver();
            (rest, position, var lines) = await ReadAsync(rest, position, cancellationToken);
            foreach (var line in lines)
            {
                yield return line;
            }

            if (over)
            {
                break;
            }

            await Task.Delay(Poll, time, cancellationToken);
        }

        if (rest.Length > 0)
        {
            yield return rest;
        }
    }

    private async Task<(string Tail, long Position, string[] Lines)> ReadAsync(
        string rest,
        long position,
        CancellationToken cancellationToken
    )
    {
        if (!File.Exists(path))
        {
            return (rest, position, []);
        }

        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = position;
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellationToken);
        // Whole lines only: a cut through a character would show as two broken ones.
        var news = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
        var end = news.LastIndexOf((byte)'\n') + 1;
        var tail = Encoding.UTF8.GetString(news[end..]);
        return (tail, position + end, end == 0 ? [] : Encoding.UTF8.GetString(news[..(end - 1)]).Split('\n'));
    }
}
