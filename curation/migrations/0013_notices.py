"""Notices and their e-mails; what is remembered of a cohort and of whoever steers an import; an index of a reading's parts."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.fields.json
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('curation', '0012_evidence_places'),
    ]

    operations = [
        migrations.CreateModel(
            name='BatchAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='CohortStanding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.TextField()),
                ('patients', models.JSONField(default=list)),
                ('retracted', models.JSONField(default=list)),
                ('looked_on', models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name='CohortWatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.CharField(max_length=10)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sending', 'Being sent'), ('sent', 'Sent'), ('failed', 'Not sent')], default='waiting', max_length=8)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField()),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('trouble', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='MailChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.EmailField(blank=True, max_length=254)),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('assigned', 'You were given something to read'), ('returned', 'A reading came back to you'), ('answered', 'Somebody answered you'), ('corrected', 'It was decided against what you recorded'), ('decided', 'Your proposal was decided'), ('cohort', 'A cohort’s answer changed')], max_length=12), blank=True, default=list, size=None)),
                ('every', models.CharField(choices=[('day', 'Once a day'), ('week', 'Once a week')], default='day', max_length=6)),
                ('changed_at', models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('assigned', 'You were given something to read'), ('returned', 'A reading came back to you'), ('answered', 'Somebody answered you'), ('corrected', 'It was decided against what you recorded'), ('decided', 'Your proposal was decided'), ('cohort', 'A cohort’s answer changed')], max_length=12)),
                ('verb', models.CharField(max_length=100)),
                ('act', models.CharField(max_length=100)),
                ('details', models.JSONField(blank=True, default=dict)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(django.db.models.functions.comparison.Cast(django.db.models.fields.json.KeyTextTransform('reading_id', django.db.models.functions.comparison.Coalesce('after', 'before')), models.BigIntegerField()), condition=models.Q(('table__in', ('curation_readingpatient', 'curation_readingnote'))), name='audit_of_reading_parts'),
        ),
        migrations.AddField(
            model_name='batchact',
            name='batch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='acts', to='curation.batch'),
        ),
        migrations.AddField(
            model_name='cohortstanding',
            name='cohort',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='standing', to='curation.cohort'),
        ),
        migrations.AddField(
            model_name='cohortwatch',
            name='cohort',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='watches', to='curation.cohort'),
        ),
        migrations.AddField(
            model_name='cohortwatch',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='digest',
            name='receiver',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='digests', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='mailchoice',
            name='user',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='mail_choice', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='notification',
            name='actor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='notification',
            name='cohort',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='curation.cohort'),
        ),
        migrations.AddField(
            model_name='notification',
            name='digest',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notifications', to='curation.digest'),
        ),
        migrations.AddField(
            model_name='notification',
            name='flag',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='curation.flag'),
        ),
        migrations.AddField(
            model_name='notification',
            name='note',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='curation.readingnote'),
        ),
        migrations.AddField(
            model_name='notification',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='curation.project'),
        ),
        migrations.AddField(
            model_name='notification',
            name='proposal',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='curation.proposal'),
        ),
        migrations.AddField(
            model_name='notification',
            name='reading',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='curation.reading'),
        ),
        migrations.AddField(
            model_name='notification',
            name='receiver',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='notification',
            name='ruling',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='curation.ruling'),
        ),
        migrations.AddConstraint(
            model_name='cohortwatch',
            constraint=models.UniqueConstraint(fields=('cohort', 'user'), name='cohort_watched_once'),
        ),
        migrations.AddIndex(
            model_name='digest',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='digest_due'),
        ),
        migrations.AddConstraint(
            model_name='digest',
            constraint=models.UniqueConstraint(fields=('receiver', 'period'), name='digest_once_per_period'),
        ),
        migrations.AddIndex(
            model_name='notification',
            index=models.Index(fields=['receiver', '-id'], name='notification_of_receiver'),
        ),
        migrations.AddIndex(
            model_name='notification',
            index=models.Index(condition=models.Q(('read_at', None)), fields=['receiver'], name='notification_unread'),
        ),
        migrations.AddConstraint(
            model_name='notification',
            constraint=models.UniqueConstraint(fields=('receiver', 'verb', 'act'), name='notification_once_per_act'),
        ),
        migrations.RunSQL(
            "CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON curation_batchact "
            "FOR EACH ROW EXECUTE FUNCTION curation_audit_row()",
            reverse_sql="DROP TRIGGER audited ON curation_batchact",
        ),
    ]
