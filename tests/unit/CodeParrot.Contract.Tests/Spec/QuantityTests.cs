using System.Text.Json;
using System.Text.RegularExpressions;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Contract.Tests.Spec;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("+2", 2)]
    [InlineData("500m", 0.5)]
    [InlineData("1.5Gi", 1610612736)]
    [InlineData("8G", 8e9)]
    [InlineData("3Ki", 3072)]
    [InlineData("7k", 7000)]
    [InlineData(".5", 0.5)]
    [InlineData("2.", 2)]
    [InlineData("1e3", 1000)]
    [InlineData("1E3", 1000)]
    [InlineData("5e-1", 0.5)]
    [InlineData("1E", 1e18)]
    [InlineData("1Ei", 1152921504606846976)]
    public void Reads_what_kubernetes_writes(string text, double value)
    {
        Assert.True(Quantity.TryParse(text, out var read));
        Assert.Equal(value, (double)read);
        Assert.Matches(Quantity.Pattern, text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+-1")]
    [InlineData("Gi")]
    [InlineData("8GB")]
    [InlineData("8 Gi")]
    [InlineData(" 8")]
    [InlineData("1e3Gi")]
    [InlineData("1,5")]
    [InlineData("0x10")]
    [InlineData("1e")]
    public void Refuses_everything_else(string text)
    {
        Assert.False(Quantity.TryParse(text, out _));
        Assert.DoesNotMatch(new Regex(Quantity.Pattern), text);
    }

    [Theory]
    [InlineData("99999999999Ei")]
    [InlineData("1e999")]
    public void Refuses_numbers_that_are_too_large(string text) => Assert.False(Quantity.TryParse(text, out _));

    [Theory]
    [InlineData("16Gi", "8Gi", "24Gi")]
    [InlineData("512Mi", "1Gi", "1536Mi")]
    [InlineData("0", "0", "0")]
    [InlineData("1G", "1", "1000000001")]
    [InlineData("100m", "200m", "0.3")]
    public void Adds_exactly(string one, string other, string sum) =>
        Assert.Equal(sum, new Quantity(one).Plus(new Quantity(other)).Text);

    [Theory]
    [InlineData("\"8Gi\"", "8Gi")]
    [InlineData("1", "1")]
    [InlineData("0.5", "0.5")]
    public void Is_read_from_a_text_or_a_number_and_written_as_a_text(string json, string text)
    {
        var quantity = JsonSerializer.Deserialize<Quantity>(json, ContractJson.Compact)!;

        Assert.Equal(text, quantity.Text);
        Assert.Equal($"\"{text}\"", JsonSerializer.Serialize(quantity, ContractJson.Compact));
    }

    [Theory]
    [InlineData("\"8GB\"")]
    [InlineData("-1")]
    [InlineData("true")]
    public void A_bad_one_is_refused_in_json(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Quantity>(json, ContractJson.Compact));
}
