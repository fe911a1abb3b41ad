using Impetus.Engine.Tokenization.ChatTemplates;

namespace Impetus.Engine.Tests.ChatTemplates;

public sealed class GoldenTests
{
    public static TheoryData<string> Models => [.. GoldenCase.Models()];

    public static TheoryData<string> Groups => [.. GoldenCase.Groups()];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_real_template_writes_every_conversation_as_the_reference_does(string model)
    {
        List<GoldenCase> cases = [.. GoldenCase.OfModel(model)];
        ChatTemplate template = ChatTemplate.Parse(cases[0].Template);

        Assert.Equal("", string.Join('\n', cases.Select(golden => golden.Difference(template)).OfType<string>()));
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public void A_small_template_gives_what_the_reference_gives(string group)
    {
        List<GoldenCase> cases = [.. GoldenCase.OfGroup(group)];

        Assert.NotEmpty(cases);
        Assert.Equal("", string.Join('\n', cases.Select(static golden => golden.Difference()).OfType<string>()));
    }
}
