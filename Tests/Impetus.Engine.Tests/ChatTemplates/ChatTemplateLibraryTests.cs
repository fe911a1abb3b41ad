using Impetus.Engine.Tokenization.ChatTemplates;
using Impetus.Engine.Tokenization.ChatTemplates.Values;
using Impetus.Tests;

namespace Impetus.Engine.Tests.ChatTemplates;

public sealed class ChatTemplateLibraryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("impetus-templates-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_jinja_file_wins_over_json_files()
    {
        Write("chat_template.jinja", "jinja");
        Write("chat_template.json", """{"chat_template": "json"}""");
        Write("tokenizer_config.json", """{"chat_template": "config"}""");

        Assert.Equal("jinja", Render(Load().Find()));
    }

    [Fact]
    public void A_template_file_of_json_wins_over_the_tokenizers_configuration()
    {
        Write("chat_template.json", """{"chat_template": "json"}""");
        Write("tokenizer_config.json", """{"chat_template": "config"}""");

        Assert.Equal("json", Render(Load().Find()));
    }

    [Fact]
    public void Named_templates_are_chosen_by_name_or_by_need()
    {
        Write("tokenizer_config.json", """
            {"chat_template": [{"name": "default", "template": "plain"}, {"name": "tool_use", "template": "tools"}, {"name": "rag", "template": "evidence"}]}
            """);
        ChatTemplateLibrary library = Load();

        Assert.Equal("plain", Render(library.Find()));
        Assert.Equal("tools", Render(library.Find(hasTools: true)));
        Assert.Equal("evidence", Render(library.Find("rag", hasTools: true)));
        Assert.Null(library.Find("other"));
    }

    [Fact]
    public void Further_jinja_files_are_templates_named_by_their_files()
    {
        Write("chat_template.jinja", "plain");
        Directory.CreateDirectory(Path.Combine(_folder, "additional_chat_templates"));
        Write("additional_chat_templates/tool_use.jinja", "tools");

        Assert.Equal("tools", Render(Load().Find(hasTools: true)));
    }

    [Fact]
    public void Special_tokens_are_texts_or_objects_and_the_configuration_wins_over_the_map()
    {
        Write("special_tokens_map.json", """{"bos_token": "<old>", "unk_token": "<unk>", "additional_special_tokens": ["<a>", {"content": "<b>"}]}""");
        Write("tokenizer_config.json", """
            {"bos_token": {"__type": "AddedToken", "content": "<s>"}, "eos_token": "</s>", "pad_token": null, "add_bos_token": true,
             "chat_template": "{{ bos_token }}{{ eos_token }}{{ unk_token }}{{ pad_token is defined }}{{ add_bos_token is defined }}{{ additional_special_tokens }}"}
            """);
        ChatTemplateLibrary library = Load();

        Assert.Equal("<s></s><unk>FalseFalse['<a>', '<b>']", Render(library.Find(), library.SpecialTokens));
    }

    [Fact]
    public void A_folder_without_templates_has_none() => Assert.Empty(Load().Templates);

    [Theory]
    [InlineData("chat_template.jinja", "a\n{% if %}", "line 2")]
    [InlineData("chat_template.json", "{", "JSON")]
    [InlineData("chat_template.json", "[]", "JSON object")]
    [InlineData("tokenizer_config.json", """{"chat_template": 5}""", "chat_template must be")]
    [InlineData("tokenizer_config.json", """{"chat_template": [{"name": "default"}]}""", "chat_template must be")]
    [InlineData("tokenizer_config.json", """{"chat_template": [{"name": "rag", "template": "{{"}]}""", "'rag'")]
    public void A_bad_file_is_named_with_its_fault(string file, string content, string fault)
    {
        Write(file, content);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Load());

        Assert.Contains(Path.Combine(_folder, file), error.Message, StringComparison.Ordinal);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_too_large_is_not_read()
    {
        Write("chat_template.jinja", new string('x', 500));

        InvalidDataException error = Assert.Throws<InvalidDataException>(
            () => ChatTemplateLibrary.LoadFolder(_folder, new TemplateLimits { MaxTemplateLength = 100 }));

        Assert.Contains("at most 400", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_starter_model_has_a_template_and_its_tokens()
    {
        ChatTemplateLibrary library = ChatTemplateLibrary.LoadFolder(Fixture.Model("SmolLM2-135M-Instruct"));

        Assert.NotNull(library.Find());
        Assert.Equal(TemplateValue.From("<|im_end|>"), library.SpecialTokens["eos_token"]);
    }

    private static string Render(ChatTemplate? template, IReadOnlyDictionary<string, TemplateValue>? variables = null) =>
        template!.Render(variables ?? new Dictionary<string, TemplateValue>());

    private ChatTemplateLibrary Load() => ChatTemplateLibrary.LoadFolder(_folder);

    private void Write(string file, string content) => File.WriteAllText(Path.Combine(_folder, file), content);
}
