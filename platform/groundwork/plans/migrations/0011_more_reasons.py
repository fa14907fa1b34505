from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0010_refusals_and_offers")]

    operations = [
        migrations.AlterField(
            model_name="courserefusal",
            name="reason",
            field=models.CharField(
                choices=[
                    ("hard", "too hard"),
                    ("known", "I know it already"),
                    ("price", "too expensive"),
                    ("language", "not my language"),
                    ("format", "not the way I learn"),
                    ("provider", "not from this provider"),
                    ("experience", "bad experience"),
                    ("other", "another reason"),
                ],
                max_length=12,
            ),
        ),
    ]
