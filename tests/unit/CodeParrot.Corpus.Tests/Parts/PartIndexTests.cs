using CodeParrot.Corpus.Dedup;
using CodeParrot.Corpus.Parts;

namespace CodeParrot.Corpus.Tests.Parts;

public sealed class PartIndexTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void What_was_written_is_read_bit_for_bit()
    {
        NearSketch?[] sketches = [new([1, ulong.MaxValue], [3, 5, uint.MaxValue]), null, new([0, 7], [9])];
        UInt128[] digests = [UInt128.MaxValue, UInt128.Zero, new UInt128(1, 2)];
        using (var index = new PartIndex(_scratch["index"]))
        {
            foreach (var (digest, sketch) in digests.Zip(sketches))
                index.Add(digest, sketch);
        }

        var read = PartIndex.Read(_scratch["index"], count: 3, bands: 2).ToList();

        Assert.Equal(digests, read.Select(entry => entry.Digest));
        Assert.Equal(sketches.Select(sketch => sketch?.Bands), read.Select(entry => entry.Sketch?.Bands));
        Assert.Equal(sketches.Select(sketch => sketch?.Tokens), read.Select(entry => entry.Sketch?.Tokens));
        // Digest and size of each; two bands and four tokens in all.
        Assert.Equal((3 * 20) + (2 * 2 * 8) + (4 * 4), new FileInfo(_scratch["index"]).Length);
    }
}
