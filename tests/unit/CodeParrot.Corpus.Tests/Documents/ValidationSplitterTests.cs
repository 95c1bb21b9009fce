using CodeParrot.Corpus.Documents;
using CodeParrot.Corpus.Pipeline;

namespace CodeParrot.Corpus.Tests.Documents;

public sealed class ValidationSplitterTests
{
    [Fact]
    public void A_document_stays_in_its_split_when_others_are_added()
    {
        var documents = Documents(0, 2000);

        var few = Split(documents[..1000], 0.1);
        var many = Split([.. Documents(5000, 6000), .. documents], 0.1);

        Assert.InRange(few.Values.Count(split => split == CorpusSplit.Validation), 70, 130);
        Assert.All(few, pair => Assert.Equal(pair.Value, many[pair.Key]));
    }

    [Theory]
    [InlineData(1e-9)]
    [InlineData(0.5)]
    public void Neither_split_is_empty_once_there_are_two_documents(double fraction)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var splits = Split(Documents(seed * 10, (seed * 10) + 2 + (seed % 3)), fraction);

            Assert.Contains(CorpusSplit.Train, splits.Values);
            Assert.Contains(CorpusSplit.Validation, splits.Values);
        }
    }

    [Fact]
    public void Nothing_is_held_out_of_one_document_or_at_fraction_zero()
    {
        Assert.All(Split(Documents(0, 1), 0.5).Values, split => Assert.Equal(CorpusSplit.Train, split));
        Assert.All(Split(Documents(0, 300), 0).Values, split => Assert.Equal(CorpusSplit.Train, split));
    }

    [Fact]
    public void Every_document_comes_out_exactly_once()
    {
        foreach (var fraction in new[] { 0, 1e-9, 0.01, 0.5 })
            Assert.Equal(100, Split(Documents(0, 100), fraction).Count);
    }

    private static KeptDocument[] Documents(int from, int to) =>
        Enumerable.Range(from, to - from).Select(i => KeptDocument.OfText(new RawDocument(), $"x = {i}", 5)).ToArray();

    private static Dictionary<UInt128, CorpusSplit> Split(KeptDocument[] documents, double fraction)
    {
        var splitter = new ValidationSplitter(fraction);
        var settled = documents.SelectMany(splitter.Add).ToList();
        settled.AddRange(splitter.Complete());
        return settled.ToDictionary(pair => pair.Document.Digest, pair => pair.Split);
    }
}
