using System.Diagnostics;
using CodeParrot.Model.Native;

namespace CodeParrot.Model.Tests.Native;

public class MklFastPathTests
{
    [Fact]
    public unsafe void It_finds_where_this_libtorch_keeps_the_answer()
    {
        var answer = MklFastPath.AnswerOf(MklFastPath.FindQuestion());

        Assert.False(answer is null);
        Assert.InRange(*answer, -1, 1);
    }

    [Theory]
    [InlineData(0, 0x8a)]
    [InlineData(6, 0x84)]
    [InlineData(10, 0xc2)]
    public unsafe void Other_code_than_expected_is_left_alone(int index, byte other)
    {
        var memory = Question(answer: -1);
        fixed (byte* question = memory)
        {
            Assert.False(MklFastPath.AnswerOf(question) is null);
            question[index] = other;

            Assert.True(MklFastPath.AnswerOf(question) is null);
            Assert.False(MklFastPath.Enable(question));
        }
    }

    [Theory]
    [InlineData(-1, true, 1)]
    [InlineData(0, false, 0)]
    [InlineData(1, false, 1)]
    public unsafe void Only_a_question_not_yet_asked_is_answered(int before, bool enabled, int after)
    {
        fixed (byte* question = Question(before))
        {
            Assert.Equal(enabled, MklFastPath.Enable(question));

            Assert.Equal(after, *MklFastPath.AnswerOf(question));
        }
    }

    [Fact]
    public async Task In_a_fresh_process_the_real_question_is_answered_and_products_stay_right()
    {
        using var process = Process.Start(ProbeProcess.Start(ProbeProcess.Mkl))!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, "-1 True 1"), (process.ExitCode, output.Trim()));
    }

    /// <summary>The process's side of the last test.</summary>
    internal static unsafe int Run()
    {
        var question = MklFastPath.FindQuestion();
        var before = *MklFastPath.AnswerOf(question);
        var enabled = MklFastPath.Enable(question);
        Console.WriteLine($"{before} {enabled} {*MklFastPath.AnswerOf(question)}");
        return 0;
    }

    // The function's first bytes, and its word right behind them.
    private static byte[] Question(int answer) =>
        [0x8b, 0x05, 6, 0, 0, 0, 0x85, 0xc0, 0x78, 0x01, 0xc3, 0, .. BitConverter.GetBytes(answer)];
}
