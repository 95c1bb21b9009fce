using CodeParrot.Corpus.Dedup;
using FsCheck;
using FsCheck.Fluent;

namespace CodeParrot.Corpus.Tests.Dedup;

public sealed class TokenSetsTests
{
    [Fact]
    public void Similar_is_what_the_sets_say()
    {
        var sets = Gen.Choose(1, 12).Select(value => (uint)value).NonEmptyListOf().Select(Sorted);
        var similarities = Gen.Elements(0.01, 0.25, 1.0 / 3, 0.5, 0.6, 0.75, 0.85, 1.0);

        Prop.ForAll(
                sets.ToArbitrary(),
                sets.ToArbitrary(),
                similarities.ToArbitrary(),
                (one, other, similarity) =>
                {
                    var jaccard = (double)one.Intersect(other).Count() / one.Union(other).Count();
                    return TokenSets.AreSimilar(one, other, similarity) == (jaccard >= similarity);
                }
            )
            .QuickCheckThrowOnFailure();
    }

    private static uint[] Sorted(IEnumerable<uint> values) => values.Distinct().Order().ToArray();
}
