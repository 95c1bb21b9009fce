using CodeParrot.Contract.Spec;
using CodeParrot.Contract.Tests.Manifest;
using CodeParrot.Contract.Yaml;
using FsCheck;
using FsCheck.Fluent;

namespace CodeParrot.Contract.Tests.Yaml;

public sealed class YamlTextTests
{
    [Fact]
    public void Any_text_survives()
    {
        Prop.ForAll<NonNull<string>>(prompt =>
            {
                var spec = Manifests.Read(Manifests.Good).Spec;
                var manifest = Manifests.Read(Manifests.Good) with
                {
                    Spec = spec with { Evaluation = new EvaluationSpec { Prompts = [Printable(prompt.Get)] } },
                };

                var again = Manifests.Read(YamlText.Write(manifest));

                return again.Spec.Evaluation.Prompts.SequenceEqual(manifest.Spec.Evaluation.Prompts);
            })
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("012")]
    [InlineData("1e3")]
    [InlineData("a: b")]
    [InlineData("# no comment")]
    [InlineData("tab\there")]
    [InlineData("two\nlines\n")]
    [InlineData("")]
    [InlineData("é \"quoted\" \\")]
    public void Text_that_looks_like_something_else_stays_text(string text)
    {
        var manifest = Manifests.Read(Manifests.Good);
        var written = manifest with
        {
            Spec = manifest.Spec with { Evaluation = new EvaluationSpec { Prompts = [text] } },
        };

        var again = Manifests.Read(YamlText.Write(written));

        Assert.Equal([text], again.Spec.Evaluation.Prompts);
    }

    [Fact]
    public void Equal_values_give_equal_text_whatever_the_order_of_keys()
    {
        var a = Manifests.Read(Manifests.Good, "stages={corpus: {}, publish: {}}", "metadata.labels={b: x, a: y}");
        var b = Manifests.Read(Manifests.Good, "stages={publish: {}, corpus: {}}", "metadata.labels={a: y, b: x}");

        Assert.Equal(YamlText.Write(a), YamlText.Write(b));
    }

    // YAML has no way to hold a lone surrogate.
    private static string Printable(string text) =>
        new([.. text.Where(c => !char.IsSurrogate(c) && c is not '\uFFFE' and not '\uFFFF')]);
}
